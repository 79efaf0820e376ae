/** What an exchange is charged: the one place that prices it. */
import type { TokenUsage } from '../../anthropic/answer/part.ts'
import { toErrorReply } from '../../anthropic/error.ts'
import type { Settlement } from '../../ledger/client.ts'
import { toPrice } from '../../ledger/money.ts'
import type { Charge } from '../../ledger/protocol.ts'
import type { ExchangeRecord } from '../record/exchange.ts'

/** Tokens that are paid for. `estimated` where the upstream did not report them. */
interface Consumption {
  usage: TokenUsage
  estimated: boolean
}

const charactersPerToken = 4

const none: TokenUsage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, thinking: 0 }

/**
 * What the upstream reported; else, where it had accepted the request, an estimate of what was sent and
 * delivered; else nothing, and the whole reservation is released. Undefined for an exchange that was not
 * admitted. `status` is the response's.
 */
export function toCharge(record: ExchangeRecord, status: number): Settlement | undefined {
  if (record.admission === undefined) {
    return undefined
  }
  const consumed = toConsumption(record, record.admission)
  const charge = describe(record, record.admission, {
    ...(consumed ?? { usage: none, estimated: false }),
    error: toErrorType(record, status),
  })
  return consumed === undefined ? { unused: charge } : { used: charge }
}

type Admission = NonNullable<ExchangeRecord['admission']>

function toConsumption(
  { outcome, target }: ExchangeRecord,
  { kind, estimateInput }: Admission,
): Consumption | undefined {
  if (kind === 'count_tokens') {
    return { usage: none, estimated: false }
  }
  if (outcome === undefined) {
    return undefined
  }
  const { usage: reported, characters } = outcome.delivered
  if (reported !== undefined && outcome.state === 'complete') {
    return { usage: reported, estimated: false }
  }
  const wasAccepted = characters > 0 || (outcome.state === 'disconnected' && target !== undefined)
  if (!wasAccepted) {
    return undefined
  }
  const known = reported ?? { ...none, input: estimateInput() }
  const output = Math.max(known.output, Math.ceil(characters / charactersPerToken))
  return { usage: { ...known, output }, estimated: true }
}

function describe(
  { id, startedAt, key, target, adaptations }: ExchangeRecord,
  { kind, model, price, session, agent }: Admission,
  { usage, estimated, error }: Consumption & { error: string | undefined },
): Charge {
  return {
    id,
    kind,
    at: startedAt,
    model,
    provider: target?.provider ?? '',
    usage,
    cost: toPrice(price, usage),
    estimated,
    ...(error === undefined ? {} : { error }),
    adaptations: adaptations?.length ?? 0,
    ...(key?.lastFour === undefined ? {} : { lastFour: key.lastFour }),
    ...(session === undefined ? {} : { session }),
    ...(agent === undefined ? {} : { agent }),
  }
}

/** The error type that the client got; usage reports have a client's disconnect as `client_left`. */
function toErrorType({ outcome, failure: refusal }: ExchangeRecord, status: number) {
  if (outcome?.state === 'disconnected') {
    return 'client_left'
  }
  const failure = outcome?.state === 'failed' ? outcome.failure : refusal
  if (failure !== undefined) {
    return toErrorReply(failure).type
  }
  return status >= 400 ? `status_${status}` : undefined
}
