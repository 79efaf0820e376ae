/** Top-level fields that no other protocol has, and that the gateway itself serves. */
import { isObject } from '../../anthropic/json.ts'
import { requestedGeography } from '../policy/requested-service.ts'
import type { ClientRequest } from '../request/request.ts'
import type { AttemptTarget } from '../request/targets.ts'

/** The fields, with what is reported of each. */
export function toServed(request: ClientRequest, target: Marked): ReadonlyMap<string, string> {
  return new Map(
    Object.entries({ ...ownFields(request), ...placeAndSpeed(request, target) }).flatMap(
      ([field, reported]) => (reported === undefined ? [] : [[field, reported] as const]),
    ),
  )
}

type Marked = Pick<AttemptTarget, 'marks'>
type Fields = Record<string, string | undefined>

/** What the gateway does itself. */
function ownFields(request: ClientRequest): Fields {
  const { body, safeguard, context, compaction, fallbacks, serverTools } = request
  return {
    safeguards: safeguard?.model,
    context_management: context?.hasEdits === true ? 'gateway' : undefined,
    compaction: compaction?.model,
    fallbacks: fallbacks && 'gateway',
    mcp_servers: serverTools?.mcp && 'gateway',
    diagnostics: isObject(body.json['diagnostics']) ? 'gateway' : undefined,
  }
}

/** What the choice of the target serves. */
function placeAndSpeed({ body }: ClientRequest, { marks }: Marked): Fields {
  const place = requestedGeography(body.json)
  const isThere = place === marks.geo || place === undefined
  return {
    inference_geo: isThere ? (marks.geo ?? 'any') : undefined,
    speed: body.json['speed'] === marks.speed ? marks.speed : undefined,
  }
}
