/** What the gateway says of its own part in an answer, beside what the upstream said. */
import { GatewayError } from '../anthropic/error.ts'
import { quoteString, toAdaptedHeader } from '../anthropic/report.ts'
import type { Attempt } from './call.ts'
import type { AttemptRecord } from './exchange.ts'

/** `<provider>/<upstream model>`, safe in a header: a client may have chosen the model's name. */
export function toTargetName(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?')
}

/**
 * Headers of every answer that an upstream gave. In strict mode (`gateway-strict: ?1`) throws a
 * GatewayError that names each field that would have been dropped.
 */
export function answerHeaders(attempt: Attempt): Record<string, string> {
  const { target, report, headers, exchange } = attempt
  exchange.adapted(report.adaptations)
  if (headers.get('gateway-strict') === '?1') {
    refuseDropped(attempt)
  }
  const adapted = toAdaptedHeader(report.adaptations)
  return {
    'gateway-model': toTargetName(target.name),
    ...(adapted === undefined ? {} : { 'gateway-adapted': adapted }),
  }
}

function refuseDropped({ report: { adaptations }, target }: Attempt): void {
  const fields = adaptations.filter(({ action }) => action === 'drop').map(({ field }) => field)
  if (fields.length > 0) {
    throw new GatewayError({
      kind: 'invalid_request',
      message: `${fields.join(', ')}: cannot be carried to ${toTargetName(target.name)}, and gateway-strict is set.`,
    })
  }
}

/**
 * `gateway-attempts`, an RFC 9651 list in the order of the attempts, where there was more than one:
 * `"openai/gpt-5";failed="rate_limit_error", "azure/gpt-5"`.
 */
export function attemptsHeader(tried: readonly AttemptRecord[]): Record<string, string> {
  if (tried.length < 2) {
    return {}
  }
  const items = tried.map(({ target, failed }) =>
    failed === undefined
      ? quoteString(target)
      : `${quoteString(target)};failed=${quoteString(failed)}`,
  )
  return { 'gateway-attempts': items.join(', ') }
}
