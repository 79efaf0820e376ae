/**
 * The usage of one answer while it is written: what the upstream has reported of it, what was delivered,
 * and an estimate of what was not reported.
 */
import { unreported } from './add-usage.ts'
import type { Delivered } from './answer-status.ts'
import type { ReportedUsage, TokenUsage } from './part.ts'

/** Near enough for a meter. */
const charactersPerToken = 4

/** An estimate of the tokens of so many characters. */
function toTokens(characters: number): number {
  return Math.ceil(characters / charactersPerToken)
}

/**
 * Measures the usage of one answer: reported counts take precedence, and estimates stand in for those that are
 * missing.
 */
export class UsageMeter {
  #reported: ReportedUsage | undefined
  #countedCharacters = 0
  readonly #maxTokens: number | undefined

  /** `maxTokens`: of the request. */
  constructor(maxTokens?: number) {
    this.#maxTokens = maxTokens
  }

  /** The upstream has counted the prompt and the content so far, of which there are so many `characters`. */
  report(usage: ReportedUsage, characters: number): void {
    this.#reported = usage
    this.#countedCharacters = characters
  }

  /**
   * The answer is complete. Returns its usage as a client may be sent it. `usage`: of all of it, where the
   * upstream reported that. `characters`: of all content. `estimateInput`: tokens of the prompt.
   */
  complete(
    usage: ReportedUsage | undefined,
    characters: number,
    estimateInput: () => number,
  ): TokenUsage {
    if (usage !== undefined) {
      this.report(usage, characters)
    }
    const { input, output, ...rest } = this.#reported ?? unreported
    const { cacheRead, cacheWrite } = rest
    return {
      ...rest,
      input: isCount(input) ? input : Math.max(0, estimateInput() - cacheRead - cacheWrite),
      output: toWritten(
        this.delivered(characters),
        isCount(output) ? output : undefined,
        this.#maxTokens,
      ),
      thinking: isCount(output) ? rest.thinking : 0,
    }
  }

  /** What was delivered so far. `characters`: of content. */
  delivered(characters: number): Delivered {
    return { usage: this.#reported, characters, countedCharacters: this.#countedCharacters }
  }
}

/**
 * Tokens that were written for what was delivered. `output`: those that the upstream counted, which are
 * all of what came before its report; undefined where it did not count. `maxTokens`: of the request, which
 * an estimate does not exceed; a count is taken as it is.
 */
export function toWritten(
  { characters, countedCharacters }: Delivered,
  output: number | undefined,
  maxTokens = Number.POSITIVE_INFINITY,
): number {
  const uncounted = toTokens(characters - countedCharacters)
  const before = countedCharacters > 0 ? (output ?? toTokens(countedCharacters)) : 0
  return Math.max(output ?? 0, Math.min(before + uncounted, maxTokens))
}

/** Whether a number can be a count of tokens. */
export function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0
}
