/** Top-level fields that no other protocol has, and that the gateway itself serves. */
import { isObject } from '../../anthropic/json.ts'
import { boundPlace } from '../policy/requested-service.ts'
import type { ClientRequest } from '../request/request.ts'
import type { AttemptTarget } from '../request/targets.ts'

/** The fields, with what is reported of each. */
export function toServed(
  { body, safeguard, context, compaction, fallbacks }: ClientRequest,
  { marks }: Pick<AttemptTarget, 'marks'>,
): ReadonlyMap<string, string> {
  const served = new Map<string, string>()
  if (safeguard !== undefined) {
    served.set('safeguards', safeguard.model)
  }
  if (context?.hasEdits === true) {
    served.set('context_management', 'gateway')
  }
  if (compaction !== undefined) {
    served.set('compaction', compaction.model)
  }
  if (fallbacks !== undefined) {
    served.set('fallbacks', 'gateway')
  }
  const place = boundPlace(body.json)
  if (place === marks.geo || place === undefined) {
    served.set('inference_geo', marks.geo ?? 'any')
  }
  if (marks.speed !== undefined && body.json['speed'] === marks.speed) {
    served.set('speed', marks.speed)
  }
  if (isObject(body.json['diagnostics'])) {
    served.set('diagnostics', 'gateway')
  }
  return served
}
