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
  mayRun: () => Promise<boolean>
}

export class ToolRuns {
  readonly #options: ToolRunsOptions
  readonly #uses = new Map<ServerTool, number>()
  readonly #controller = new AbortController()
  readonly #failures: string[] = []

  constructor(options: ToolRunsOptions) {
    this.#options = options
  }

  /** Why runs failed, for the log. */
  get failures(): readonly string[] {
    return this.#failures
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
    const runs: Promise<Run>[] = []
    for (const call of calls) {
      const before = runs.at(-maxParallel) ?? Promise.resolve()
      runs.push(before.then(() => this.#run(call, { signal, messages }, isComplete)))
    }
    void Promise.all(runs).then(unsubscribe)
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
    const reason = isComplete ? await this.#refusal(uses > maxUses) : 'invalid_tool_input'
    if (reason !== undefined) {
      return { block: tool.refuse(call, reason), billed: undefined, failed: undefined }
    }
    const run = await tool.run(call, context)
    if (run.failed !== undefined) {
      this.#failures.push(run.failed)
    }
    return run
  }

  async #refusal(
    isUsedUp: boolean,
  ): Promise<'max_uses_exceeded' | 'too_many_requests' | undefined> {
    if (isUsedUp) {
      return 'max_uses_exceeded'
    }
    return (await this.#options.mayRun()) ? undefined : 'too_many_requests'
  }
}

function toUnserved({ id, name }: ServerCall): Run {
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
