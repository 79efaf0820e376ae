/** Runs calls of server tools: a few at a time, within their bounds of number, time and money. */
import type { ClientConnection } from '../../streaming/client-connection.ts'
import type { ServerTools } from '../server-tools.ts'
import type { Run, RunContext, ServerCall, ServerTool } from '../tool.ts'

const maxParallel = 4

/** For all calls of one model call. */
const maxMs = 120_000

interface ToolRunsOptions {
  tools: ServerTools
  client: ClientConnection
  /** Epoch milliseconds. */
  now: () => number
  /** Whether the budget allows tools that cost so many nano-dollars in all. */
  allows: (cost: number) => boolean
  /** Called when a run begins; returns what ends it. */
  onRun: (name: string, callId: string) => (failed: string | undefined) => void
}

/** Nano-dollars of one run per USD of a thousand. */
const nanoPerPrice = 1_000_000

export class ToolRuns {
  readonly #options: ToolRunsOptions
  readonly #uses = new Map<ServerTool, number>()
  readonly #controller = new AbortController()
  readonly #failures: string[] = []
  readonly #counts = { web_search: 0, web_fetch: 0 }
  #cost = 0
  #ms = 0

  constructor(options: ToolRunsOptions) {
    this.#options = options
  }

  /** All that ran so far. */
  record() {
    const [cost, ms, failures] = [this.#cost, Math.round(this.#ms), this.#failures]
    return { ...this.#counts, ms, cost, failures }
  }

  /** Starts calls; the runs are in the order of the calls. `isComplete`: whether their arguments are. */
  start(
    calls: readonly ServerCall[],
    { messages, isComplete }: { messages: readonly unknown[]; isComplete: boolean },
  ): Promise<Run>[] {
    if (calls.length === 0) {
      return []
    }
    const signal = AbortSignal.any([this.#controller.signal, AbortSignal.timeout(maxMs)])
    const unsubscribe = this.#options.client.onDisconnect(() => this.#controller.abort())
    const startedAt = this.#options.now()
    const runs: Promise<Run>[] = []
    for (const call of calls) {
      const before = runs.at(-maxParallel) ?? Promise.resolve()
      runs.push(before.then(() => this.#run(call, { signal, messages }, isComplete)))
    }
    void Promise.all(runs).finally(() => {
      this.#ms += this.#options.now() - startedAt
      unsubscribe()
    })
    return runs
  }

  async #run(call: ServerCall, context: RunContext, isComplete: boolean): Promise<Run> {
    const served = this.#options.tools.find(call.name)
    if (served === undefined) {
      // Another server's call, of a tool that this request does not offer.
      return toUnserved(call)
    }
    const { tool, maxUses } = served
    const uses = (this.#uses.get(tool) ?? 0) + 1
    this.#uses.set(tool, uses)
    const cost = Math.round(tool.price * nanoPerPrice)
    const reason = isComplete ? this.#refusal(uses > maxUses, cost) : 'invalid_tool_input'
    if (reason !== undefined) {
      return { block: tool.refuse(call, reason), billed: undefined, failed: undefined }
    }
    // Counted before it runs, so that the next one beside it knows.
    this.#cost += cost
    const end = this.#options.onRun(call.name, call.id)
    const run = await tool.run(call, context)
    end(run.failed)
    if (run.billed === undefined) {
      this.#cost -= cost
    } else {
      this.#counts[run.billed] += 1
    }
    if (run.failed !== undefined) {
      this.#failures.push(run.failed)
    }
    return run
  }

  #refusal(isUsedUp: boolean, cost: number): 'max_uses_exceeded' | 'too_many_requests' | undefined {
    if (isUsedUp) {
      return 'max_uses_exceeded'
    }
    return this.#options.allows(this.#cost + cost) ? undefined : 'too_many_requests'
  }
}

function toUnserved({ id, name }: ServerCall): Run {
  if (name !== 'web_search' && name !== 'web_fetch') {
    const error = 'tool_search_tool_result_error'
    const content = { type: error, error_code: 'unavailable', error_message: null } as const
    const block = { type: 'tool_search_tool_result', tool_use_id: id, content } as const
    return { block, billed: undefined, failed: undefined }
  }
  const isFetch = name === 'web_fetch'
  return {
    block: isFetch
      ? {
          type: 'web_fetch_tool_result',
          tool_use_id: id,
          content: { type: 'web_fetch_tool_result_error', error_code: 'unavailable' },
        }
      : {
          type: 'web_search_tool_result',
          tool_use_id: id,
          content: { type: 'web_search_tool_result_error', error_code: 'unavailable' },
        },
    billed: undefined,
    failed: undefined,
  }
}
