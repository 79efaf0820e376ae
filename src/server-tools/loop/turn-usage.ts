/** What all model calls and tools of one answer used. */
import { addUsage } from '../../anthropic/answer/add-usage.ts'
import type { ReportedUsage, TokenUsage } from '../../anthropic/answer/part.ts'
import type { ServerUsage } from '../../anthropic/answer/server-tools.ts'

export class TurnUsage {
  /** Input tokens of the model call that is made, where its upstream reports none. */
  readonly estimateInput: () => number
  readonly #calls: TokenUsage[] = []
  readonly #runs = { web_search: 0, web_fetch: 0 }

  constructor(estimateInput: () => number) {
    this.estimateInput = estimateInput
  }

  /** The usage of all model calls that ended; undefined if none has. */
  get total(): TokenUsage | undefined {
    return this.#calls.length === 0 ? undefined : this.#calls.reduce(addUsage)
  }

  /** The usage of each model call that ended. */
  get calls(): readonly TokenUsage[] {
    return this.#calls
  }

  get runs(): Readonly<Record<'web_search' | 'web_fetch', number>> {
    return this.#runs
  }

  /** Adds a model call. */
  add(usage: TokenUsage): void {
    this.#calls.push(usage)
  }

  ran(tool: 'web_search' | 'web_fetch'): void {
    this.#runs[tool] += 1
  }

  /** Input tokens so far, estimates included. */
  inputSoFar(): number {
    return this.total?.input ?? this.estimateInput()
  }

  /** For the part that ends the answer. */
  toStop(): { usage: ReportedUsage | undefined; serverUsage: ServerUsage } {
    const { total } = this
    const { web_search, web_fetch } = this.#runs
    return {
      usage: total,
      serverUsage: {
        server_tool_use: {
          // Those of the provider are in its usage.
          web_search_requests: web_search + (total?.webSearches ?? 0),
          web_fetch_requests: web_fetch,
        },
      },
    }
  }
}
