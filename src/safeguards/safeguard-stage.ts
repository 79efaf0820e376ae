/**
 * The safety check of an answer's tool calls: text and calls stream on, and the end of the message
 * waits for the verdicts, which are part of it.
 */
import type { EndStage } from '../anthropic/answer/part-stage.ts'
import type { Part } from '../anthropic/answer/part.ts'
import type {
  CallVerdict,
  SafeguardResult,
  SafeguardStatus,
  UnavailableReason,
} from '../anthropic/answer/wire/safeguard-results.ts'
import type { JsonObject } from '../anthropic/json.ts'
import { toEnvironment } from './context.ts'
import { toQuestion } from './question.ts'
import type { ToolCall } from './tool-calls.ts'
import { maxInputLength, ToolCalls } from './tool-calls.ts'
import { isTrustedRead } from './trusted-reads.ts'
import { readVerdicts, unclear } from './verdicts.ts'

/** Asks the model that judges. Must not throw. */
export type Classify = (question: JsonObject) => Promise<ClassifierResult>

/** The classifier's message, or why there is none. */
export type ClassifierResult =
  /** The classifier's whole message. */
  | { message: unknown }
  | { unavailable: UnavailableReason }
  /** The key may not use it. */
  | { unsupported: true }

/** The safety check of one answer: the question's data, and the function that asks it. */
export interface Check {
  /** The name of the model that judges. */
  model: string
  classify: Classify
  /** The client's `classifier_context`. */
  context: JsonObject
  /** See transcript.ts. */
  transcript: string
  /** Whether calls of that tool run in the gateway. */
  isServerTool: (name: string) => boolean
}

/** Characters of all arguments that are judged together, and of the environment. */
const maxTotalLength = 200_000
const maxEnvironmentLength = 60_000

type Stop = Extract<Part, { type: 'stop' }>

/** A stage of an answer that adds verdicts to its end. */
export class SafeguardStage implements EndStage {
  readonly #check: Check
  readonly #calls: ToolCalls
  #stop: Stop | undefined

  constructor(check: Check) {
    this.#check = check
    this.#calls = new ToolCalls(check.isServerTool)
  }

  get isHolding(): boolean {
    return this.#stop !== undefined
  }

  write(parts: readonly Part[]): readonly Part[] {
    return parts.flatMap((part): Part[] => {
      if (part.type !== 'stop') {
        this.#calls.add(part)
        return [part]
      }
      if (this.#calls.isEmpty) {
        return [withStatus(part, { type: 'available', tool_uses: {} })]
      }
      this.#stop = part
      // What the upstream has counted is charged even if the client disconnects before the verdict.
      const counted: Part[] = part.usage === undefined ? [] : [{ type: 'usage', usage: part.usage }]
      return [{ type: 'text-end' }, ...this.#calls.ends(), ...counted]
    })
  }

  async finish(): Promise<readonly Part[]> {
    const stop = this.#stop
    return stop === undefined ? [] : [withStatus(stop, await this.#review(stop))]
  }

  async #review(stop: Stop): Promise<SafeguardStatus> {
    const { context } = this.#check
    const calls = this.#calls.list()
    const settled = calls.map((call, index) => {
      const isCut = stop.reason === 'max_tokens' && index === calls.length - 1
      return settleAlone(call, isCut, context)
    })
    const open = calls.filter((_, index) => settled[index] === undefined)
    const verdicts = open.length === 0 ? [] : await this.#classify(open)
    if (verdicts === 'unsupported') {
      return { type: 'unsupported' }
    }
    const judged = new Map(open.map((call, index) => [call, verdicts[index]]))
    const entries = calls.map((call, index) => [
      call.id,
      settled[index] ?? judged.get(call) ?? unclear,
    ])
    return { type: 'available', tool_uses: Object.fromEntries(entries) }
  }

  async #classify(calls: readonly ToolCall[]): Promise<CallVerdict[] | 'unsupported'> {
    const { context, model, transcript, classify } = this.#check
    const total = calls.reduce((sum, { length }) => sum + length, 0)
    if (
      total > maxTotalLength ||
      JSON.stringify(toEnvironment(context)).length > maxEnvironmentLength
    ) {
      return calls.map(() => ({ type: 'unavailable', reason: 'input_too_long' }))
    }
    const judged = await classify(toQuestion({ model, context, transcript, calls }))
    if ('unsupported' in judged) {
      return 'unsupported'
    }
    return 'message' in judged
      ? readVerdicts(judged.message, calls.length, context)
      : calls.map(() => ({ type: 'unavailable', reason: judged.unavailable }))
  }
}

/** The verdict that needs no classifier; undefined where one is needed. */
function settleAlone(
  { name, input, length }: ToolCall,
  isCut: boolean,
  context: JsonObject,
): CallVerdict | undefined {
  if (length > maxInputLength) {
    return { type: 'unavailable', reason: 'input_too_long' }
  }
  if (input === undefined) {
    return { type: 'unavailable', reason: isCut ? 'truncated' : 'input_unparsed' }
  }
  return isTrustedRead(name, input, context) ? { type: 'skipped' } : undefined
}

function withStatus(stop: Stop, status: SafeguardStatus): Stop {
  const result: SafeguardResult = { type: 'dangerous_tool_use', status }
  return { ...stop, safeguardResults: [result] }
}
