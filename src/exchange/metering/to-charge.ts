/** What an exchange is charged: the one place that prices it. What was sent is paid for. */
import type { TokenUsage } from '../../anthropic/answer/part.ts'
import { toErrorReply } from '../../anthropic/error.ts'
import { toPrice } from '../../ledger/money.ts'
import type { Charge } from '../../ledger/protocol.ts'
import type { Outcome } from '../../streaming/relay.ts'
import type { Admission, ExchangeRecord } from '../record/exchange.ts'

/** Tokens that are paid for. `estimated` where the upstream did not report them. */
interface Consumption {
  usage: TokenUsage
  estimated: boolean
}

/** How the exchange ended for the client. */
export interface End {
  /** Of the response. */
  status: number
  /** Since the request arrived. */
  ms: number
  /** The share of the prompt that the upstream had cached at the conversation's last turn, from 0 to 1. */
  cached: number
}

const charactersPerToken = 4

/** What a model writes in a second, as an estimate of what it wrote and nobody saw. */
const tokensPerSecond = 50

/** Until an upstream begins to write. */
const usualStartMs = 1000

/** Output of a plain answer that nobody waited for: most upstreams finish it all the same. */
const leastUnseenOutput = 1000

const none: TokenUsage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, thinking: 0 }

/**
 * What the upstream reported; else, where it had accepted the request, an estimate of what was sent and
 * written; else no tokens. Undefined for an exchange that was not admitted.
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
    lastFour: key?.lastFour,
    session,
    agent,
  }
}

/** What an exchange would be charged if its client disconnected now, `ms` after it arrived. */
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

/** What the upstream reported, where it can be true. */
function findReported({ delivered: { usage } }: Outcome, admission: Admission) {
  return usage !== undefined && isCountable(usage, admission) ? usage : undefined
}

/** A turn repeats the conversation before it, so about as much of it is cached. A share, since the prompt is an estimate. */
function toPromptUsage(prompt: number, cached: number): TokenUsage {
  const cacheRead = Math.floor(prompt * cached)
  return { ...none, input: prompt - cacheRead, cacheRead }
}

/**
 * Tokens that were written and never delivered when the client disconnected: of a plain answer all of
 * it, of a stream what came before its first content (reasoning that is not streamed). Undefined where
 * the client stayed, or no upstream was asked.
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

/** A prompt below this is never compared with what was sent: providers add system prompts of their own. */
const unquestionedInput = 100_000

/** No count is believed that is over so many times what was sent or asked for. */
const implausibleFactor = 1000

/** Whether counts can be what was used: one that cannot must not use up a budget. */
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

/** The error type that the client got; usage reports have a client's disconnect as `client_left`. */
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
