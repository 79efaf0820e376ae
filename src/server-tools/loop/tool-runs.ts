/** Runs calls of server tools: a few at a time, within their bounds of number, time and money. */
import type { ServerResultBlock } from '../../anthropic/answer/wire/server-tools.ts'
import type { ClientConnection } from '../../streaming/client-connection.ts'
import { toErrorResult, toToolSearchError, toFreeRun } from '../result.ts'
import type { ServerTools } from '../server-tools.ts'
import type { AskModel, RefusalReason, Run, RunContext, ServerCall, ServerTool } from '../tool.ts'

const maxParallel = 4

/** The milliseconds for all calls of one model call. */
const maxMs = 120_000

interface ToolRunsOptions {
  tools: ServerTools
  ask: AskModel
  client: ClientConnection
  /** Epoch milliseconds. */
  now: () => number
  /** Whether the key's limits allow so much in all. `cost`: in nano-dollars. */
  allows: (wanted: { cost: number; searches: number }) => boolean
  /** Called when a run begins; returns what ends it. */
  onRun: (name: string, callId: string) => (failed: string | undefined) => void
}

type Conversation = Pick<RunContext, 'json' | 'messages'>

/** Nano-dollars of one run per USD of a thousand. */
const nanoPerPrice = 1_000_000

/** The runs of server tools in one answer. */
export class ToolRuns {
  readonly #options: ToolRunsOptions
  readonly #uses = new Map<ServerTool, number>()
  readonly #controller = new AbortController()
  readonly #failures: string[] = []
  readonly #counts = { web_search: 0, web_fetch: 0 }
  /** Calls of tools of MCP servers that did not fail. */
  #mcpCalls = 0
  #cost = 0
  /** Web searches that began and did not fail. */
  #searches = 0
  #ms = 0

  constructor(options: ToolRunsOptions) {
    this.#options = options
  }

  /** All that ran so far. */
  record() {
    const [cost, ms, failures] = [this.#cost, Math.round(this.#ms), this.#failures]
    const mcp = this.#mcpCalls === 0 ? undefined : this.#mcpCalls
    return { ...this.#counts, mcp, ms, cost, failures }
  }

  /** Starts calls; the runs are in the order of the calls. `isComplete`: whether their arguments are. */
  start(
    calls: readonly ServerCall[],
    { isComplete, ...conversation }: Conversation & { isComplete: boolean },
  ): Promise<Run>[] {
    if (calls.length === 0) {
      return []
    }
    const signal = AbortSignal.any([this.#controller.signal, AbortSignal.timeout(maxMs)])
    const context = { signal, ask: this.#options.ask, ...conversation }
    const unsubscribe = this.#options.client.onDisconnect(() => this.#controller.abort())
    const startedAt = this.#options.now()
    const runs: Promise<Run>[] = []
    for (const call of calls) {
      const before = runs.at(-maxParallel) ?? Promise.resolve()
      runs.push(before.then(() => this.#run(call, context, isComplete)))
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
      return toFreeRun(toUnserved(call))
    }
    const { tool, maxUses } = served
    const uses = (this.#uses.get(tool) ?? 0) + 1
    this.#uses.set(tool, uses)
    const cost = costOf(tool)
    const reason = isComplete ? this.#refusal(tool, uses > maxUses) : 'invalid_tool_input'
    if (reason !== undefined) {
      return toFreeRun(tool.refuse(call, reason))
    }
    // Counted before it runs, so that the next one beside it knows.
    this.#cost += cost
    this.#searches += isSearch(tool) ? 1 : 0
    const end = this.#options.onRun(call.name, call.id)
    const run = await tool.run(call, context)
    end(run.failed)
    if (run.billed === undefined) {
      this.#cost -= cost
      this.#searches -= isSearch(tool) ? 1 : 0
    } else {
      this.#counts[run.billed] += 1
    }
    if (run.failed !== undefined) {
      this.#failures.push(run.failed)
    } else if (run.block.type === 'mcp_tool_result') {
      this.#mcpCalls += 1
    }
    return run
  }

  #refusal(tool: ServerTool, isUsedUp: boolean): RefusalReason | undefined {
    if (isUsedUp) {
      return 'max_uses_exceeded'
    }
    const wanted = {
      cost: this.#cost + costOf(tool),
      searches: isSearch(tool) ? this.#searches + 1 : 0,
    }
    return this.#options.allows(wanted) ? undefined : 'too_many_requests'
  }
}

function costOf({ price }: ServerTool): number {
  return Math.round(price * nanoPerPrice)
}

function isSearch({ name }: ServerTool): boolean {
  return name === 'web_search'
}

function toUnserved({ id, name }: ServerCall): ServerResultBlock {
  const code = 'unavailable'
  switch (name) {
    case 'web_search':
      return toErrorResult(name, id, code)
    case 'web_fetch':
      return toErrorResult(name, id, code)
    case 'advisor':
      return toErrorResult(name, id, code)
    case 'tool_search_tool_bm25':
    case 'tool_search_tool_regex':
      return toToolSearchError(id, code, null)
    default:
      return {
        type: 'mcp_tool_result',
        tool_use_id: id,
        is_error: true,
        content: [{ type: 'text', text: 'The tool is not offered.' }],
      }
  }
}
