/** The gateway's own response headers: the target that answered, the attempts, and adaptations. */
import { invalidRequest } from '../../anthropic/error.ts'
import type { Adaptation } from '../../anthropic/report.ts'
import { quoteString, toAdaptedHeader } from '../../anthropic/report.ts'
import type { AttemptRecord } from '../record/exchange-record.ts'
import type { Attempt } from './protocol.ts'

/**
 * A target's name, `<provider>/<upstream model>`, escaped for a header, since a client may have
 * chosen the model's name.
 */
export function toTargetName(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?')
}

/**
 * The headers of every response of a target. Throws a GatewayError in strict mode (`gateway-strict:
 * ?1`) that names each field that would have been dropped.
 */
export function gatewayHeaders({ target, report, request }: Attempt): Record<string, string> {
  const { adaptations } = report
  request.exchange.adapted(adaptations)
  if (request.headers.get('gateway-strict') === '?1') {
    refuseDropped(adaptations, toTargetName(target.name))
  }
  return { 'gateway-model': toTargetName(target.name), ...adaptedHeader(adaptations) }
}

/** `gateway-adapted`, if there is anything to list. */
export function adaptedHeader(adaptations: readonly Adaptation[] = []): Record<string, string> {
  const adapted = toAdaptedHeader(adaptations)
  return adapted === undefined ? {} : { 'gateway-adapted': adapted }
}

function refuseDropped(adaptations: readonly Adaptation[], target: string): void {
  // What an answer loses is not the client's to change.
  const fields = adaptations
    .filter(({ action, field }) => action === 'drop' && !field.startsWith('answer.'))
    .map(({ field }) => field)
  if (fields.length > 0) {
    throw invalidRequest(
      `${fields.join(', ')}: not supported by ${target} (rejected because gateway-strict is set).`,
    )
  }
}

/**
 * `gateway-attempts`, an RFC 9651 list in the order of the attempts, if there was more than one:
 * `"openai/gpt-5";failed="rate_limit_error", "azure/gpt-5"`.
 */
export function attemptsHeader(attempts: readonly AttemptRecord[]): Record<string, string> {
  if (attempts.length < 2) {
    return {}
  }
  const items = attempts.map(({ target, failed }) =>
    failed === undefined
      ? quoteString(target)
      : `${quoteString(target)};failed=${quoteString(failed)}`,
  )
  return { 'gateway-attempts': items.join(', ') }
}
