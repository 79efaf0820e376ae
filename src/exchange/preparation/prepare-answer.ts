/** What the gateway itself does for an answer, beside what its targets do. */
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
  const [best] = targets
  if (request.serverTools !== undefined && best?.dialect.kind === 'translated') {
    // What is sent is not the client's own request, whose faults would no longer show.
    request.prompt.canonical()
  }
  const { json } = request.body
  const connected =
    best?.dialect.kind === 'translated' ? await withMcpServers(services, request) : request
  const checked =
    json['safeguards'] === undefined
      ? connected
      : { ...connected, safeguard: await prepareSafeguard(services, connected, targets) }
  // Anthropic's own servers do the rest themselves.
  if (best?.dialect.kind !== 'translated') {
    return checked
  }
  const named = Array.isArray(json['fallbacks'])
    ? { ...checked, fallbacks: await findFallbacks(services, checked) }
    : checked
  if (request.context === undefined) {
    return named
  }
  const { prepareCompaction } = await import('./compaction.ts')
  return { ...named, compaction: prepareCompaction(services, named, best) }
}

async function findFallbacks(services: Services, request: ClientRequest): Promise<Fallbacks> {
  const { prepareFallbacks } = await import('./fallbacks.ts')
  return prepareFallbacks(services, request)
}
