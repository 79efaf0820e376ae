/** What all model calls and tools of one answer used. */
import { addUsage, noUsage } from '../../anthropic/answer/add-usage.ts'
import { toIteration } from '../../anthropic/answer/iteration.ts'
import type { Part, TokenUsage } from '../../anthropic/answer/part.ts'
import type { FallbackBlock, IterationUsage } from '../../anthropic/answer/wire/complete-blocks.ts'

type StopUsage = Pick<Extract<Part, { type: 'stop' }>, 'usage' | 'serverUsage' | 'iterations'>

/** A call of the model that answers. */
interface Call {
  usage: TokenUsage
  /** Undefined where no fallback model answers. */
  model: string | undefined
}

/** The usage of a turn: tokens of its model calls, and runs of its tools. */
export class TurnUsage {
  /** Input tokens of the model call that is made, where its upstream reports none. */
  readonly estimateInput: () => number
  readonly #countsTools: boolean
  readonly #calls: Call[] = []
  /** Calls, and questions to other models between them, in their order. */
  readonly #iterations: (Call | IterationUsage)[] = []
  /** The fallback model that answers. */
  #model: string | undefined
  /** Whether the model calls are listed: other models had a part in the answer. */
  #isListed = false
  readonly #runs = { web_search: 0, web_fetch: 0 }

  /** `countsTools`: whether the answer reports how often tools ran. */
  constructor(estimateInput: () => number, countsTools: boolean) {
    this.estimateInput = estimateInput
    this.#countsTools = countsTools
  }

  /** The usage of all model calls that ended; undefined if none has. */
  get total(): TokenUsage | undefined {
    return this.#calls.length === 0
      ? undefined
      : this.#calls.map(({ usage }) => usage).reduce(addUsage)
  }

  get runs(): Readonly<Record<'web_search' | 'web_fetch', number>> {
    return this.#runs
  }

  /** Adds a model call. */
  add(usage: TokenUsage): void {
    const call = { usage, model: this.#model }
    this.#calls.push(call)
    this.#iterations.push(call)
  }

  /** Adds a question to another model, which is no part of the total; undefined for one that no model answered. */
  addConsultation(iteration: IterationUsage | undefined): void {
    this.#isListed = true
    if (iteration !== undefined) {
      this.#iterations.push(iteration)
    }
  }

  /** Another model answers from here on. */
  addFallback({ from, to }: FallbackBlock): void {
    this.#isListed = true
    for (const call of this.#calls) {
      call.model ??= from.model
    }
    this.#model = to.model
  }

  addRun(tool: 'web_search' | 'web_fetch'): void {
    this.#runs[tool] += 1
  }

  /** Input tokens so far, estimates included. */
  inputSoFar(): number {
    return this.total?.input ?? this.estimateInput()
  }

  /** The usage as the part that ends the answer reports it. */
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
      usage: total ?? (this.#isListed ? noUsage : undefined),
      ...(this.#countsTools ? { serverUsage: { server_tool_use: counts } } : {}),
      ...(this.#isListed ? { iterations: this.#iterations.map((each) => this.#list(each)) } : {}),
    }
  }

  /** The last call of a fallback model is what the answer is from. */
  #list(iteration: Call | IterationUsage): IterationUsage {
    if (!('usage' in iteration)) {
      return iteration
    }
    const { usage, model } = iteration
    const isServed = iteration === this.#calls.at(-1) && model === this.#model
    const type = model !== undefined && isServed ? 'fallback_message' : 'message'
    return model === undefined ? toIteration(usage, type) : { ...toIteration(usage, type), model }
  }
}
