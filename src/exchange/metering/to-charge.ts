/** The charge of an exchange, which is priced only here. Whatever was sent is charged. */
import type { TokenUsage } from '../../anthropic/answer/part.ts'
import { toErrorReply } from '../../anthropic/error.ts'
import { toPrice } from '../../ledger/money.ts'
import type { Charge } from '../../ledger/protocol.ts'
import type { Outcome } from '../../streaming/relay.ts'
import type { Admission, ExchangeRecord } from '../record/exchange.ts'

/** The tokens to charge. `estimated`: the upstream did not report them. */
interface Consumption {
  usage: TokenUsage
  estimated: boolean
}

/** How the exchange ended for the client. */
export interface End {
  /** Status of the response. */
  status: number
  /** Milliseconds since the request arrived. */
  ms: number
  /** The share of the prompt that the upstream had cached at the conversation's last turn, from 0 to 1. */
  cached: number
}

const charactersPerToken = 4

/** The output of a model in tokens per second, to estimate output that was not received. */
const tokensPerSecond = 50

/** The milliseconds before an upstream begins to write. */
const usualStartMs = 1000

/**
 * The minimal output of a non-streaming answer whose client disconnected: most upstreams still
 * finish it.
 */
const leastUnseenOutput = 1000

const none: TokenUsage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, thinking: 0 }

/**
 * The charge: the usage that the upstream reported; else, if it had accepted the request, an
 * estimate of prompt and output; else no tokens. Undefined for an exchange that was not admitted.
 */
export function toCharge(record: ExchangeRecord, end: End): Charge | undefined {
  const { admission, id, startedAt, key, target, adaptations, attempts } = record
  if (admission === undefined) {
    return undefined
  }
  const { kind, model, price, session, agent } = admission
  const { usage, estimated } = toConsumption(record, admission, end)
  return {
    id,
    kind,
    at: startedAt,
    model,
    provider: target?.provider ?? '',
    sent: kind === 'count_tokens' || (attempts ?? []).length > 0,
    usage,
    cost: toPrice(target?.price ?? price, usage),
    estimated,
    error: toErrorType(record, end.status),
    adaptations: adaptations?.length ?? 0,
    ...toHolder(key),
    session,
    agent,
  }
}

function toHolder(key: ExchangeRecord['key']): Pick<Charge, 'lastFour' | 'group'> {
  return { lastFour: key?.lastFour, group: key?.group ?? '' }
}

/** The charge of an exchange if its client disconnected now, `ms` after the request arrived. */
export function toChargeSoFar(
  record: ExchangeRecord,
  end: Omit<End, 'status'>,
): Charge | undefined {
  const delivered = { usage: undefined, characters: 0 }
  const outcome: Outcome = { state: 'disconnected', delivered }
  return toCharge({ ...record, outcome }, { status: 499, ...end })
}

function toConsumption(record: ExchangeRecord, admission: Admission, end: End): Consumption {
  const { outcome } = record
  if (admission.kind === 'count_tokens' || outcome === undefined) {
    return { usage: none, estimated: false }
  }
  const reported = findReported(outcome, admission)
  if (reported !== undefined && outcome.state === 'complete') {
    return { usage: reported, estimated: outcome.delivered.isEstimate === true }
  }
  const { characters } = outcome.delivered
  const unseen = estimateUnseen(record, admission, end)
  if (reported === undefined && characters === 0 && unseen === undefined) {
    return { usage: none, estimated: false }
  }
  const known = reported ?? toPromptUsage(admission.estimateInput(), end.cached)
  const written = Math.max(Math.ceil(characters / charactersPerToken), unseen ?? 0)
  return { usage: { ...known, output: Math.max(known.output, written) }, estimated: true }
}

/** The reported usage, if it is plausible. */
function findReported({ delivered: { usage } }: Outcome, admission: Admission) {
  return usage !== undefined && isCountable(usage, admission) ? usage : undefined
}

/** The usage of an estimated prompt, of which the same share is cached as at the last turn. */
function toPromptUsage(prompt: number, cached: number): TokenUsage {
  const cacheRead = Math.floor(prompt * cached)
  return { ...none, input: prompt - cacheRead, cacheRead }
}

/**
 * Estimates the output tokens that were not delivered when the client disconnected: of a
 * non-streaming answer all of them, of a stream those before its first content (reasoning that is
 * not streamed). Undefined if the client did not disconnect, or no request was sent.
 */
function estimateUnseen(
  { outcome, attempts, stream, contentMs }: ExchangeRecord,
  { maxTokens, decision }: Admission,
  { ms }: End,
): number | undefined {
  if (outcome?.state !== 'disconnected' || attempts?.length === 0) {
    return undefined
  }
  const silentMs = stream === true ? (contentMs ?? ms) : ms
  const byTime = Math.ceil((Math.max(0, silentMs - usualStartMs) / 1000) * tokensPerSecond)
  const least = stream === true ? 0 : (decision?.expectedOutput ?? leastUnseenOutput)
  return Math.min(maxTokens, Math.max(byTime, least))
}

/**
 * Input tokens below which a count is not checked against what was sent, since providers add system
 * prompts.
 */
const unquestionedInput = 100_000

/** The factor over what was sent or requested above which a count is implausible. */
const implausibleFactor = 1000

/** Whether counts are plausible: others must not exhaust a budget. */
function isCountable(usage: TokenUsage, { estimateInput, maxTokens }: Admission): boolean {
  const { input, output, cacheRead, cacheWrite, thinking } = usage
  const counts = [input, output, cacheRead, cacheWrite, thinking, usage.cacheWrite1h ?? 0]
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0)) {
    return false
  }
  const prompt = input + cacheRead + cacheWrite
  return (
    output <= Math.max(maxTokens, leastUnseenOutput) * implausibleFactor &&
    (prompt <= unquestionedInput || prompt <= estimateInput() * implausibleFactor)
  )
}

/** The error type that the client got; in usage reports a disconnect is `client_left`. */
function toErrorType(
  { outcome, failure: refusal }: { outcome: Outcome | undefined } & Pick<ExchangeRecord, 'failure'>,
  status: number,
): string | undefined {
  if (outcome?.state === 'disconnected') {
    return 'client_left'
  }
  const failure = outcome?.state === 'failed' ? outcome.failure : refusal
  if (failure !== undefined) {
    return toErrorReply(failure).type
  }
  return status >= 400 ? `status_${status}` : undefined
}
