/** What the gateway itself does for an answer, beside what its targets do. */
import type { ClientRequest } from './request/request.ts'
import type { Services } from './request/services.ts'
import type { AttemptTarget } from './request/targets.ts'
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
  const checked =
    request.body.json['safeguards'] === undefined
      ? request
      : { ...request, safeguard: await prepareSafeguard(services, request, targets) }
  if (request.context === undefined || best?.dialect.kind !== 'translated') {
    return checked
  }
  const { prepareCompaction } = await import('./compaction.ts')
  return { ...checked, compaction: prepareCompaction(services, checked, best) }
}
