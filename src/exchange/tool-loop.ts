/**
 * The attempts of an answer that several model calls write, since tools run here in between, a summary is
 * written before, or a fallback model continues where one has declined. Each call is sent like any other request, and stays with the target that made the first one
 * as long as that can.
 */
import type { Failure } from '../anthropic/error.ts'
import type { JsonObject } from '../anthropic/json.ts'
import { Turn } from '../server-tools/loop/turn.ts'
import { ServerTools } from '../server-tools/server-tools.ts'
import type { AskModel } from '../server-tools/tool.ts'
import type { Continuation } from '../streaming/relay.ts'
import type { Form, MessageOptions, ResponseFormat } from '../streaming/response-format.ts'
import type { AnswerSource } from './answer-source.ts'
import { Attempts } from './attempts.ts'
import { toSearchesLeft } from './metering/searches-left.ts'
import { toChargeSoFar } from './metering/to-charge.ts'
import type { RawReply } from './protocols/protocol.ts'
import type { Exchange } from './record/exchange.ts'
import { toRequestBody, toWellFormed } from './request/body.ts'
import { Prompt } from './request/prompt.ts'
import type { ClientRequest } from './request/request.ts'
import type { Services } from './request/services.ts'
import type { AttemptTarget } from './request/targets.ts'

interface LoopOptions {
  /** The best first. */
  targets: readonly AttemptTarget[]
  form: Form
  message: MessageOptions
}

const refuseToAsk: AskModel = () => Promise.resolve({ failure: { kind: 'internal' } })

const noTools = new ServerTools([], undefined, {
  settings: {},
  subrequests: () => 0,
  mcp: undefined,
  toolsets: undefined,
})

/** The attempts, and the format of the response that they are relayed in. */
export function createToolLoop(
  services: Services,
  request: ClientRequest,
  { targets, form, message }: LoopOptions,
): { attempts: AnswerSource; format: ResponseFormat } {
  const { serverTools: tools = noTools, client, body, exchange } = request
  const turn = new Turn({
    form,
    message,
    tools,
    client,
    json: toWellFormed(body),
    newId: services.newId,
    now: services.now,
    allows: ({ cost, searches }) =>
      searches <= toSearchesLeft(request) && isWithinBudgets(exchange, cost),
    ask: request.ask ?? refuseToAsk,
    isOver: ({ modelCalls, questions }) =>
      tools.isOver({
        modelCalls,
        subrequests: (exchange.record.attempts?.length ?? 0) + questions,
        ms: exchange.elapsed(),
      }),
    fallBack: () => request.fallbacks?.hop(),
    onRun: (name, callId) => exchange.toolStarted(name, callId),
  })
  return { attempts: new ToolLoop(services, request, { targets, turn }), format: turn.format }
}

/**
 * Whether the exchange, with tools that cost so many nano-dollars, stays within the budgets as they stood
 * when it was admitted.
 */
function isWithinBudgets(exchange: Exchange, cost: number): boolean {
  const { record } = exchange
  const budgets = record.admission?.decision?.budgets ?? []
  if (budgets.length === 0 || cost === 0) {
    return true
  }
  const known = { ...record, serverTools: undefined }
  const models = toChargeSoFar(known, exchange.delivered(), exchange.elapsed())?.cost ?? 0
  return budgets.every(({ spent, limit }) => spent + models + cost <= limit)
}

class ToolLoop implements AnswerSource {
  readonly #services: Services
  readonly #request: ClientRequest
  #targets: readonly AttemptTarget[]
  readonly #turn: Turn
  /** The attempts of the last model call. */
  #attempts: Attempts | undefined
  /** Whether the compaction, if any, has run. */
  #isCompacted = false
  /** Whether the client's conversation was replaced. */
  #isRewritten = false

  constructor(
    services: Services,
    request: ClientRequest,
    { targets, turn }: { targets: readonly AttemptTarget[]; turn: Turn },
  ) {
    this.#services = services
    this.#request = request
    this.#targets = targets
    this.#turn = turn
  }

  get headers(): Record<string, string> {
    return this.#attempts?.headers ?? this.#request.compaction?.headers ?? {}
  }

  get raw(): RawReply | undefined {
    return this.#attempts?.raw
  }

  async next(failed?: Failure): Promise<Continuation> {
    if (failed !== undefined && this.#attempts !== undefined) {
      return this.#attempts.next(failed)
    }
    const compacted = this.#isCompacted ? undefined : await this.#compact()
    if (compacted !== undefined) {
      return compacted
    }
    this.#fallBack()
    const step = await this.#turn.advance()
    if ('text' in step) {
      this.#request.exchange.toolsFinished(this.#turn.tools())
      return step
    }
    this.#attempts = this.#toAttempts(step.ask)
    return this.#attempts.next()
  }

  /** Nothing is released: other model calls may follow. */
  commit(): void {
    // The prompt goes with the answer.
  }

  settle(failure: Failure | undefined): void {
    this.#attempts?.settle(failure)
  }

  /** Summarizes the conversation if that is due. */
  async #compact(): Promise<Continuation | undefined> {
    this.#isCompacted = true
    const { compaction } = this.#request
    if (compaction === undefined) {
      return undefined
    }
    const compacted = await compaction.run()
    if ('failure' in compacted) {
      return compacted
    }
    const { block, usage, continued } = compacted
    this.#isRewritten = continued !== undefined
    return this.#turn.compact(block, usage, { continued, isAlone: compaction.isAlone })
  }

  /** Goes on with another model, if that was handed over to. */
  #fallBack(): void {
    const fallback = this.#request.fallbacks?.take()
    if (fallback !== undefined) {
      this.#targets = fallback.targets
      this.#attempts = undefined
      this.#isRewritten = true
      this.#turn.fallBack(fallback.apply)
    }
  }

  #toAttempts(json: JsonObject): Attempts {
    const answered = this.#attempts?.target
    if (answered === undefined && !this.#isRewritten) {
      return new Attempts(this.#services, this.#request, this.#targets)
    }
    const body = toRequestBody(json)
    // An answer that passes through cannot continue what another model began.
    const able = this.#targets.filter(({ dialect }) => dialect.kind === 'translated')
    const others = able.filter((target) => target !== answered)
    const targets = answered === undefined ? others : [answered, ...others]
    const request = { ...this.#request, body, prompt: new Prompt(body, targets[0]?.model) }
    return new Attempts(this.#services, request, targets)
  }
}
