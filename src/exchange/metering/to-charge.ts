/** The charge of an exchange, which is priced only here. Whatever was sent is charged. */
import { addUsage, noUsage, unreported } from '../../anthropic/answer/add-usage.ts'
import type { Delivered } from '../../anthropic/answer/answer-status.ts'
import { nothingDelivered } from '../../anthropic/answer/answer-status.ts'
import type { ReportedUsage, TokenUsage } from '../../anthropic/answer/part.ts'
import { toWritten } from '../../anthropic/answer/usage-meter.ts'
import { toErrorReply } from '../../anthropic/error-reply.ts'
import type { Failure } from '../../anthropic/error.ts'
import type { Charge } from '../../ledger/protocol.ts'
import type { Outcome } from '../../streaming/relay.ts'
import type { Admission, ExchangeRecord } from '../record/exchange-record.ts'
import { toPlausible } from './plausible-usage.ts'
import { toCost } from './to-cost.ts'

/** The tokens to charge. `estimated`: the upstream did not report them. */
interface Consumption {
  usage: TokenUsage
  /** The part of it that other models used. */
  others: ReportedUsage['otherModels']
  estimated: boolean
}

/** How the exchange ended for the client. */
export interface End {
  /** Status of the response. */
  status: number
  /** Milliseconds since the request arrived. */
  ms: number
}

/** The output of a model in tokens per second, to estimate output that was not received. */
const tokensPerSecond = 50

/** The milliseconds before an upstream begins to write. */
const usualStartMs = 1000

/**
 * The minimal output of a non-streaming answer whose client disconnected: most upstreams still
 * finish it.
 */
const leastUnseenOutput = 1000

/**
 * The charge: the usage that upstreams reported, and an estimate of what they did not report of bodies
 * that they had begun. Undefined for an exchange that was not admitted.
 */
export function toCharge(record: ExchangeRecord, end: End): Charge | undefined {
  const { admission, id, startedAt, key, target, adaptations, attempts, serverTools } = record
  if (admission === undefined) {
    return undefined
  }
  const { kind, model, session, agent } = admission
  const consumed = kind === 'count_tokens' ? [] : toConsumed(record, admission, end)
  const { lastFour, group } = toHolder(key)
  return {
    id,
    kind,
    at: startedAt,
    model,
    provider: target?.provider ?? '',
    sent: kind === 'count_tokens' || (attempts ?? []).length > 0,
    usage: withSearches(sumUp(consumed.map(({ usage }) => usage)), serverTools?.web_search),
    cost: consumed.reduce((sum, { cost }) => sum + cost, serverTools?.cost ?? 0),
    estimated: consumed.some(({ estimated }) => estimated),
    error: toErrorType(record, end.status),
    adaptations: adaptations?.length ?? 0,
    lastFour,
    group,
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
  delivered: Delivered,
  ms: number,
): Charge | undefined {
  const outcome: Outcome = { state: 'disconnected', delivered }
  return toCharge({ ...record, outcome }, { status: 499, ms })
}

/** What each body used. */
function toConsumed(
  record: ExchangeRecord,
  admission: Admission,
  end: End,
): (Consumption & { cost: number })[] {
  const { outcome, earlierBodies, target, attempts = [] } = record
  const bodies = earlierBodies.map(({ delivered, isComplete, price }) => ({
    ...toConsumption(delivered, admission, { isComplete, unseen: undefined }),
    price,
  }))
  // Of the model that answers, which may be another than the requested one.
  const own = target === undefined ? admission.price : target.price
  // A summary alone is a request of its own, which is charged itself.
  if (outcome !== undefined && attempts.length > 0) {
    const isComplete = outcome.state === 'complete'
    const unseen = estimateUnseen(record, admission, end)
    const last = toConsumption(outcome.delivered, admission, { isComplete, unseen })
    bodies.push({ ...last, price: own })
  }
  if (isAwaited(record)) {
    const prompt = toConsumption(nothingDelivered, admission, { isComplete: false, unseen: 0 })
    bodies.push({ ...prompt, price: own })
  }
  return bodies.map(({ price, ...used }) => ({
    ...used,
    cost: toCost(used.usage, used.others, { price, priceOf: admission.priceOf }),
  }))
}

/** Whether a later model call of the answer was sent, and nothing of it had arrived when the client disconnected. */
function isAwaited({ outcome, attempts = [], earlierBodies }: ExchangeRecord): boolean {
  const sent = attempts.filter(({ failed }) => failed === undefined).length
  const answered = earlierBodies.filter(({ isComplete }) => isComplete).length + 1
  return outcome?.state === 'disconnected' && sent > answered
}

/**
 * What one body used: what its upstream reported, and an estimate of the rest. `unseen`: an estimate of
 * output that was never delivered.
 */
function toConsumption(
  delivered: Delivered,
  admission: Admission,
  { isComplete, unseen }: { isComplete: boolean; unseen: number | undefined },
): Consumption {
  const { usage } = delivered
  if (usage === undefined && delivered.characters === 0 && unseen === undefined && !isComplete) {
    return { usage: noUsage, others: undefined, estimated: false }
  }
  const { otherModels: others, ...reported } = toPlausible(usage ?? unreported, admission)
  const { input, output } = reported
  // A count of the content includes the reasoning before it.
  const hidden = delivered.countedCharacters > 0 ? 0 : (unseen ?? 0)
  const written = Math.max(toWritten(delivered, output, admission.maxTokens), hidden)
  return {
    usage: {
      ...reported,
      ...(input === undefined ? toPromptUsage(admission) : { input }),
      output: written,
      terms: usage === undefined ? admission.terms : usage.terms,
    },
    others,
    estimated: !isComplete || input === undefined || output !== written,
  }
}

/** The usage of an estimated prompt, of which the same share is cached as at the last turn. */
function toPromptUsage({ estimateInput, cachedShare }: Admission) {
  const prompt = estimateInput()
  const cacheRead = Math.floor(prompt * cachedShare)
  return { input: prompt - cacheRead, cacheRead }
}

/**
 * Estimates the output tokens that were not delivered when the client disconnected: of a
 * non-streaming answer all of them, of a stream those before its first content (reasoning that is
 * not streamed). The same time counts if the upstream was cut off. Undefined for any other end, or if
 * no request was sent.
 */
function estimateUnseen(
  record: ExchangeRecord,
  { maxTokens, decision }: Admission,
  { ms }: End,
): number | undefined {
  const { outcome, attempts = [], stream } = record
  if (attempts.length === 0) {
    return undefined
  }
  const byTime = estimateByTime(record, ms)
  if (outcome?.state === 'disconnected') {
    const least = stream === true ? 0 : (decision?.expectedOutput ?? leastUnseenOutput)
    return Math.min(maxTokens, Math.max(byTime, least))
  }
  const isCutOff = outcome?.state === 'failed' && cutOff.has(outcome.failure.kind)
  return isCutOff && byTime > 0 ? Math.min(maxTokens, byTime) : undefined
}

/** What a model writes in the time in which nothing was delivered. */
function estimateByTime({ stream, contentMs }: ExchangeRecord, ms: number): number {
  const silentMs = stream === true ? (contentMs ?? ms) : ms
  return Math.ceil((Math.max(0, silentMs - usualStartMs) / 1000) * tokensPerSecond)
}

/** Failures of an upstream that was at work. */
const cutOff: ReadonlySet<Failure['kind']> = new Set(['upstream_truncated', 'upstream_timeout'])

/** Adds searches of the gateway's own, which {@link ExchangeRecord.serverTools} prices. */
function withSearches(usage: TokenUsage, searches = 0): TokenUsage {
  return searches === 0 ? usage : { ...usage, webSearches: (usage.webSearches ?? 0) + searches }
}

function sumUp([first = noUsage, ...others]: readonly TokenUsage[]): TokenUsage {
  return others.reduce(addUsage, first)
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
