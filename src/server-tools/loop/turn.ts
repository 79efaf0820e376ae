/**
 * One answer of several model calls: a model calls server tools, they run here, and it is called
 * again with their results, until it calls none, or only tools of the client's.
 */
import type { AnswerStatus } from '../../anthropic/answer/answer-status.ts'
import { readIteration } from '../../anthropic/answer/iteration.ts'
import type {
  CompactionBlock,
  FallbackBlock,
  IterationUsage,
} from '../../anthropic/answer/wire/complete-blocks.ts'
import type { AnswerBlock, StopReason } from '../../anthropic/answer/wire/message.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asCount, asObject, asString } from '../../anthropic/json.ts'
import type { ClientConnection } from '../../streaming/client-connection.ts'
import type { Form, MessageOptions } from '../../streaming/response-format.ts'
import { forAnyModel } from '../history/for-any-model.ts'
import type { ServerTools } from '../server-tools.ts'
import type { AskModel, Run } from '../tool.ts'
import { ToolRuns } from './tool-runs.ts'
import { TurnFormat } from './turn-format.ts'
import { TurnUsage } from './turn-usage.ts'
import { findUnansweredCalls } from './unanswered-calls.ts'

/** What is to be done next: ask a model that, or send that text, after which `status` holds. */
export type Step = { ask: JsonObject } | { text: string; status: AnswerStatus }

/** What a turn is created with. */
export interface TurnOptions {
  form: Form
  message: MessageOptions
  /** The client's request. */
  json: JsonObject
  tools: ServerTools
  client: ClientConnection
  newId: (prefix: string) => string
  /** Epoch milliseconds. */
  now: () => number
  /** Whether the key's limits allow so much in all. `cost`: in nano-dollars. */
  allows: (wanted: { cost: number; searches: number }) => boolean
  /** Asks another model on behalf of a tool. */
  ask: AskModel
  /** Whether the answer must pause after so many model calls, and questions of tools to other models. */
  isOver: (spent: { modelCalls: number; questions: number }) => boolean
  /** Called when a tool begins to run; returns what ends the run. */
  onRun: (name: string, callId: string) => (failed: string | undefined) => void
  /** The hop to the next fallback model after one has declined; undefined if there is none. */
  fallBack: () => FallbackBlock | undefined
}

/** A turn: model calls and tool runs that make one answer. */
export class Turn {
  readonly format: TurnFormat
  readonly usage: TurnUsage
  readonly #runs: ToolRuns
  readonly #tools: ServerTools
  readonly #isOver: TurnOptions['isOver']
  /** The request that model calls answer. */
  #json: JsonObject
  /** The results for the calls of the last model call, in order; undefined during a model call. */
  #waiting: Promise<Run>[] | undefined
  #modelCalls = 0
  /** What tools asked other models. */
  #questions = 0
  /** Blocks before this model call. */
  #before = 0
  /** Blocks of models that declined, which others do not read. */
  readonly #declined = new Set<AnswerBlock>()
  /** Whether the next model call is the first of its model. */
  #isFirst = true

  constructor(options: TurnOptions) {
    const { form, message, tools, newId } = options
    this.#json = options.json
    this.#tools = tools
    this.#isOver = options.isOver
    this.usage = new TurnUsage(message.estimatedInput, tools.isServing)
    this.#runs = new ToolRuns({
      ...options,
      ask: (question) => this.#askFor(question, options.ask),
    })
    this.format = new TurnFormat(
      form,
      { ...message, estimatedInput: () => this.usage.inputSoFar() },
      {
        usage: this.usage,
        newId,
        fallBack: options.fallBack,
        toServerTool: (name) => tools.find(name)?.ref,
        leadingBlocks: tools.mcp?.newListings ?? [],
      },
    )
  }

  /** All that tools did so far. */
  tools(): ReturnType<ToolRuns['record']> {
    return this.#runs.record()
  }

  /**
   * Adds the summary of the conversation. `continued`: the request that is answered after it; undefined where
   * the summary is the whole answer, or the conversation stays as it is since there is none.
   */
  compact(
    block: CompactionBlock,
    usage: IterationUsage | undefined,
    { continued, isAlone }: { continued: JsonObject | undefined; isAlone: boolean },
  ): { text: string; status: AnswerStatus } {
    this.usage.addConsultation(usage)
    this.format.answer.addBlock(block)
    if (isAlone) {
      return this.#finish('compaction')
    }
    this.#json = continued ?? this.#json
    return { text: this.format.take(), status: { phase: 'continues' } }
  }

  /** Another model answers what the last one declined. `apply`: makes the request for it. */
  fallBack(apply: (json: JsonObject) => JsonObject): void {
    const declined = this.format.content().slice(this.#before)
    declined.forEach((block) => this.#declined.add(block))
    const json = apply(this.#json)
    const maxTokens = asCount(json['max_tokens'])
    // Each model has all of `max_tokens`.
    const used = this.usage.total?.output ?? 0
    this.#json = maxTokens === undefined ? json : { ...json, max_tokens: maxTokens + used }
    this.#isFirst = true
  }

  /** Never rejects. */
  async advance(): Promise<Step> {
    this.#waiting ??= this.#start()
    const run = await this.#waiting.shift()
    if (run === undefined) {
      this.#waiting = undefined
      return this.#goOn()
    }
    if (run.billed !== undefined) {
      this.usage.addRun(run.billed)
    }
    this.format.answer.addBlock(run.block)
    return { text: this.format.take(), status: { phase: 'continues' } }
  }

  #start(): Promise<Run>[] {
    const { answer } = this.format
    const calls =
      this.#modelCalls === 0
        ? findUnansweredCalls(asArray(this.#json['messages']), this.#tools)
        : answer.serverCalls
    return this.#runs.start(calls, {
      json: this.#json,
      messages: this.#messages(),
      isComplete: !answer.isCutShort,
    })
  }

  /** The model's usage is listed with the model calls. */
  async #askFor(question: JsonObject, ask: AskModel): ReturnType<AskModel> {
    this.#questions += 1
    const advice = await ask(question)
    if ('message' in advice) {
      const model = asString(question['model']) ?? ''
      this.usage.addConsultation({ ...readIteration(advice.message, 'advisor_message'), model })
    }
    return advice
  }

  #goOn(): Step {
    const { answer } = this.format
    const remaining = this.#outputLeft()
    if (answer.isCutShort || (this.#modelCalls > 0 && answer.hasClientCalls)) {
      return this.#finish('tool_use')
    }
    if (remaining <= 0) {
      return this.#finish('max_tokens')
    }
    if (this.#modelCalls > 0 && this.#isOver(this.#spent)) {
      return this.#finish('pause_turn')
    }
    this.#modelCalls += 1
    const messages = this.#messages()
    answer.citable(forAnyModel(messages).results)
    this.#before = this.format.content().length
    const ask = this.#toRequest(messages, remaining)
    this.#isFirst = false
    return { ask }
  }

  get #spent() {
    return { modelCalls: this.#modelCalls, questions: this.#questions }
  }

  #finish(reason: StopReason): { text: string; status: AnswerStatus } {
    this.format.answer.finish(reason)
    return { text: this.format.take(), status: this.format.answer.status }
  }

  /** The conversation, with all that the client received so far. */
  #messages(): readonly unknown[] {
    const messages = asArray(this.#json['messages'])
    // A compaction is in the conversation already.
    const content = this.format
      .content()
      .filter((block) => block.type !== 'compaction' && !this.#declined.has(block))
    return content.length === 0 ? messages : [...messages, { role: 'assistant', content }]
  }

  /** `max_tokens` is for the whole answer. */
  #outputLeft(): number {
    return (asCount(this.#json['max_tokens']) ?? Infinity) - (this.usage.total?.output ?? 0)
  }

  #toRequest(messages: readonly unknown[], remaining: number): JsonObject {
    const json = this.#json
    if (this.#isFirst) {
      return { ...json, messages, ...(remaining === Infinity ? {} : { max_tokens: remaining }) }
    }
    const choice = asObject(json['tool_choice'])
    const isForced = choice?.['type'] === 'any' || choice?.['type'] === 'tool'
    return {
      ...json,
      messages,
      max_tokens: remaining,
      ...toThinking(json['thinking'], remaining),
      // What was forced has been called; forced again, it would be called for ever.
      ...(isForced ? { tool_choice: toFree(choice) } : {}),
    }
  }
}

/** A budget of thinking must be less than `max_tokens`, and at least this (Anthropic's rule). */
const leastBudget = 1024

/** The client's thinking within what is left of its tokens; undefined where too little is. */
function toThinking(thinking: unknown, remaining: number): JsonObject {
  const budget = asCount(asObject(thinking)?.['budget_tokens'])
  if (budget === undefined || budget < remaining) {
    return {}
  }
  const isEnough = remaining > leastBudget
  return {
    thinking: isEnough ? { ...asObject(thinking), budget_tokens: remaining - 1 } : undefined,
  }
}

function toFree(choice: JsonObject): JsonObject {
  const { disable_parallel_tool_use } = choice
  return {
    type: 'auto',
    ...(disable_parallel_tool_use === true ? { disable_parallel_tool_use } : {}),
  }
}
