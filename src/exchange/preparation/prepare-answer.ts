/** What the gateway itself does for an answer, beside what its targets do. */
import type { AskModel } from '../../server-tools/tool.ts'
import type { Fallbacks } from '../request/fallbacks.ts'
import { withMcpServers } from '../request/find-server-tools.ts'
import type { ClientRequest } from '../request/request.ts'
import type { Services } from '../request/services.ts'
import type { AttemptTarget } from '../request/targets.ts'
import { prepareSafeguard } from './safeguard.ts'

/** The request with that. Throws a GatewayError for one that is invalid in a manner that would no longer show. */
export async function prepareAnswer(
  services: Services,
  request: ClientRequest,
  targets: readonly AttemptTarget[],
): Promise<ClientRequest> {
  const { json } = request.body
  const { serverTools, context } = request
  const fields = [json['safeguards'], json['fallbacks'], json['mcp_servers'], serverTools, context]
  if (fields.every((each) => each === undefined)) {
    return request
  }
  const [best] = targets
  // Anthropic's own servers do the rest themselves.
  const isTranslated = best?.dialect.kind === 'translated'
  if (serverTools !== undefined && isTranslated) {
    // What is sent is not the client's own request, whose faults would no longer show.
    request.prompt.canonical()
  }
  const connected = isTranslated ? await withMcpServers(services, request) : request
  const prepared = {
    ...connected,
    safeguard:
      json['safeguards'] === undefined
        ? undefined
        : await prepareSafeguard(services, connected, targets),
    ask: await findAdvisor(services, connected, isTranslated),
    fallbacks:
      isTranslated && hasFallbacks(request) ? await findFallbacks(services, connected) : undefined,
  }
  if (!isTranslated || context === undefined) {
    return prepared
  }
  const { prepareCompaction } = await import('./compaction.ts')
  return { ...prepared, compaction: prepareCompaction(services, prepared, best) }
}

/** `isChecked`: whether the advisor's model must be one of the catalog. */
async function findAdvisor(
  services: Services,
  request: ClientRequest,
  isChecked: boolean,
): Promise<AskModel | undefined> {
  const advisor = request.serverTools?.find('advisor')
  if (advisor === undefined) {
    return undefined
  }
  const { checkAdvisor, toAskModel } = await import('./advisor.ts')
  if (isChecked && advisor.index !== undefined) {
    checkAdvisor(services, request, advisor.index)
  }
  return toAskModel(services, request)
}

/** Whether the request names any, or leaves them to the catalog, which has some for its model. */
function hasFallbacks({ body, model }: ClientRequest): boolean {
  const { fallbacks } = body.json
  return Array.isArray(fallbacks) || (fallbacks === 'default' && model.fallbacks !== undefined)
}

async function findFallbacks(services: Services, request: ClientRequest): Promise<Fallbacks> {
  const { prepareFallbacks } = await import('./fallbacks.ts')
  return prepareFallbacks(services, request)
}
