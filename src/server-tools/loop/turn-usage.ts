/** What all model calls and tools of one answer used. */
import { addUsage } from '../../anthropic/answer/add-usage.ts'
import type { Part, TokenUsage } from '../../anthropic/answer/part.ts'
import type { FallbackBlock, IterationUsage } from '../../anthropic/answer/wire/whole-blocks.ts'

type StopUsage = Pick<Extract<Part, { type: 'stop' }>, 'usage' | 'serverUsage' | 'iterations'>

export class TurnUsage {
  /** Input tokens of the model call that is made, where its upstream reports none. */
  readonly estimateInput: () => number
  readonly #countsTools: boolean
  readonly #calls: TokenUsage[] = []
  /** The models of the calls before, where fallback models answered. */
  readonly #models: string[] = []
  #model: string | undefined
  readonly #compactions: IterationUsage[] = []
  #isCompacted = false
  readonly #runs = { web_search: 0, web_fetch: 0 }

  /** `countsTools`: whether the answer reports how often tools ran. */
  constructor(estimateInput: () => number, countsTools: boolean) {
    this.estimateInput = estimateInput
    this.#countsTools = countsTools
  }

  /** The usage of all model calls that ended; undefined if none has. */
  get total(): TokenUsage | undefined {
    return this.#calls.length === 0 ? undefined : this.#calls.reduce(addUsage)
  }

  get runs(): Readonly<Record<'web_search' | 'web_fetch', number>> {
    return this.#runs
  }

  /** Adds a model call. */
  add(usage: TokenUsage): void {
    this.#calls.push(usage)
  }

  /** A summary was written; `usage` of the model call, which is no part of the total. */
  compacted(usage: IterationUsage | undefined): void {
    this.#isCompacted = true
    if (usage !== undefined) {
      this.#compactions.push(usage)
    }
  }

  /** Another model answers from here on. */
  fellBack({ from, to }: FallbackBlock): void {
    while (this.#models.length < this.#calls.length) {
      this.#models.push(from.model)
    }
    this.#model = to.model
  }

  ran(tool: 'web_search' | 'web_fetch'): void {
    this.#runs[tool] += 1
  }

  /** Input tokens so far, estimates included. */
  inputSoFar(): number {
    return this.total?.input ?? this.estimateInput()
  }

  /** For the part that ends the answer. */
  toStop(): StopUsage {
    const { total } = this
    const { web_search, web_fetch } = this.#runs
    const counts = {
      // Those of the provider are in its usage.
      web_search_requests: web_search + (total?.webSearches ?? 0),
      web_fetch_requests: web_fetch,
    }
    return {
      // A summary that is the whole answer took no call of the requested model.
      usage: total ?? (this.#isCompacted ? nothing : undefined),
      ...(this.#countsTools ? { serverUsage: { server_tool_use: counts } } : {}),
      ...(this.#isCompacted || this.#model !== undefined
        ? { iterations: [...this.#compactions, ...this.#listCalls()] }
        : {}),
    }
  }

  /** The last call of a fallback model is what the answer is from. */
  #listCalls(): IterationUsage[] {
    return this.#calls.map((usage, index) => {
      const model = this.#models[index] ?? this.#model
      const isLast = index === this.#calls.length - 1
      const isServed = isLast && index >= this.#models.length && this.#model !== undefined
      const iteration = toIteration(usage, isServed ? 'fallback_message' : 'message')
      return model === undefined ? iteration : { ...iteration, model }
    })
  }
}

const nothing: TokenUsage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, thinking: 0 }

function toIteration(
  { input, output, cacheRead, cacheWrite }: TokenUsage,
  type: IterationUsage['type'],
): IterationUsage {
  return {
    type,
    input_tokens: input,
    output_tokens: output,
    cache_read_input_tokens: cacheRead,
    cache_creation_input_tokens: cacheWrite,
  }
}
