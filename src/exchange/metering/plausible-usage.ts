/** Whether the counts that an upstream reported can be what was used: one that cannot must not use up a budget. */
import type { ReportedUsage } from '../../anthropic/answer/part.ts'
import { isCount } from '../../anthropic/answer/usage-meter.ts'
import type { Admission, ExchangeRecord } from '../record/exchange-record.ts'

/** A prompt below this is never compared with what was sent: providers add system prompts of their own. */
const unquestionedInput = 100_000

/** An answer below this is never compared with `max_tokens`. */
const unquestionedOutput = 1000

/** The factor over what was sent or requested above which a count is implausible. */
const implausibleFactor = 1000

/** Web searches of one request. */
const mostSearches = 1000

type Bounds = Pick<Admission, 'estimateInput' | 'maxTokens'>

/**
 * The plausible part of a report: the prompt's side and the answer's, each undefined if it was not
 * counted or cannot be true. An empty prompt is no count: no request has one.
 */
export function toPlausible(usage: ReportedUsage, bounds: Bounds): ReportedUsage {
  const isEmpty = usage.input === 0 && usage.cacheRead === 0 && usage.cacheWrite === 0
  const hasPrompt = !isEmpty && isPromptPlausible(usage, bounds)
  const hasAnswer = isAnswerPlausible(usage, bounds)
  if (hasPrompt && hasAnswer && areSearchesPlausible(usage)) {
    return usage
  }
  return {
    ...usage,
    ...(areSearchesPlausible(usage) ? {} : { webSearches: 0 }),
    ...(hasPrompt ? {} : { input: undefined, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0 }),
    ...(hasAnswer ? {} : { output: undefined, thinking: 0 }),
    ...(hasPrompt && hasAnswer ? {} : { otherModels: undefined }),
  }
}

/** The report of an exchange, or of an earlier attempt in it, that has a count that cannot be. */
export function findImplausible({
  admission,
  outcome,
  earlierBodies,
}: ExchangeRecord): ReportedUsage | undefined {
  const reports = [...earlierBodies.map(({ delivered }) => delivered), outcome?.delivered].map(
    (delivered) => delivered?.usage,
  )
  return admission && reports.find((usage) => usage && !isPlausible(usage, admission))
}

function isPlausible(usage: ReportedUsage, bounds: Bounds): boolean {
  return (
    (usage.input === undefined || isPromptPlausible(usage, bounds)) &&
    (usage.output === undefined || isAnswerPlausible(usage, bounds)) &&
    areSearchesPlausible(usage)
  )
}

function areSearchesPlausible({ webSearches = 0 }: ReportedUsage): boolean {
  return isCount(webSearches) && webSearches <= mostSearches
}

function isPromptPlausible(usage: ReportedUsage, { estimateInput }: Bounds): boolean {
  const { input, cacheRead, cacheWrite, cacheWrite1h = 0 } = usage
  if (![input, cacheRead, cacheWrite, cacheWrite1h].every(isCount)) {
    return false
  }
  const prompt = (input ?? 0) + cacheRead + cacheWrite
  return prompt <= unquestionedInput || prompt <= estimateInput() * implausibleFactor
}

function isAnswerPlausible({ output, thinking }: ReportedUsage, { maxTokens }: Bounds): boolean {
  return (
    isCount(output) &&
    isCount(thinking) &&
    output <= Math.max(maxTokens, unquestionedOutput) * implausibleFactor
  )
}
