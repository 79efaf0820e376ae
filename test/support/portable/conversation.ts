/** Walks one conversation from model to model, as a client and the gateway would. */
import { expect } from 'vitest'

import { AnswerWriter } from '../../../src/anthropic/answer/answer-writer.ts'
import { foldMessage } from '../../../src/anthropic/answer/fold.ts'
import type { Part } from '../../../src/anthropic/answer/part.ts'
import type { JsonObject } from '../../../src/anthropic/json.ts'
import { isPortable } from '../../../src/anthropic/signature.ts'
import type { UpstreamEvent } from '../../../src/dialects/dialect.ts'
import { toForeignBody } from '../to-anthropic-body.ts'
import type { Translation } from '../translate.ts'
import { ask, translate } from '../translate.ts'
import type { Block, SaidStep, Station, Step, Turn, WireAnswer } from './station.ts'
import { isOwn, toolName } from './station.ts'

/** One exchange: what the user adds, who answers, and how. */
export interface Move {
  /** By name. */
  station: string
  steps: readonly Step[]
  isStream: boolean
  /** The client loses the thinking of this answer. */
  isForgotten: boolean
  /** In the user's message, and in results. */
  hasImage: boolean
  /** Thinking as it is asked for. */
  thinking: JsonObject | undefined
  /** Results are sent last first. */
  isReversed: boolean
}

/** Throws, by way of `expect`, where a request of the walk breaks a rule. */
export function walk(moves: readonly Move[], stations: readonly Station[]): void {
  const history: Turn[] = []
  const messages: object[] = []
  const counter = { steps: 0, ids: 0 }
  for (const move of moves) {
    const station = stations.find(({ name }) => name === move.station)!
    messages.push({ role: 'user', content: toUserContent(history.at(-1), move, station) })
    const steps = toThoughtful(move.steps).map((step) =>
      toSaid(step, station, (counter.steps += 1)),
    )
    const wire = station.answer(steps, station)
    const content = exchange(move, station, { wire, messages, history, counter })
    const kept = move.isForgotten ? content.filter(isShown) : content
    history.push({
      station,
      steps,
      kept: wire.kept,
      content: kept,
      isForgotten: move.isForgotten,
    })
    messages.push({ role: 'assistant', content: kept })
  }
}

/** Thinking between two texts comes too late: the writer says the text first, in one piece. */
function toThoughtful(steps: readonly Step[]): Step[] {
  return steps.map((step, index) => {
    const isLate = step.says === 'text' && steps[index - 1]?.says === 'text'
    return isLate ? { ...step, thinks: false } : step
  })
}

function isShown({ type }: Block): boolean {
  return type !== 'thinking' && type !== 'redacted_thinking'
}

function toSaid(step: Step, { name, isSilent }: Station, number: number): SaidStep {
  return {
    ...step,
    number,
    thought: step.thinks && !isSilent ? `Thought ${number} of ${name}. ` : '',
    seal: `<<${name}#${number}>>`,
  }
}

const image = {
  type: 'image',
  source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' },
}

function toUserContent(
  last: Turn | undefined,
  { hasImage, isReversed }: Move,
  station: Station,
): Block[] {
  const images = hasImage && station.takesImages ? [image] : []
  const calls = (last?.content ?? []).filter(({ type }) => type === 'tool_use')
  if (calls.length === 0) {
    return [{ type: 'text', text: 'Go on.' }, ...images]
  }
  const results = calls.map(({ id }, index) => ({
    type: 'tool_result',
    tool_use_id: id,
    is_error: index === 1,
    content: [{ type: 'text', text: 'Seen.' }, ...images],
  }))
  return isReversed ? results.toReversed() : results
}

interface Exchange {
  wire: WireAnswer
  messages: readonly object[]
  history: readonly Turn[]
  counter: { ids: number }
}

/** Sends the conversation up, checks what was sent, and returns the answer. */
function exchange(
  { isStream, thinking }: Move,
  station: Station,
  { wire, messages, history, counter }: Exchange,
): Block[] {
  const request = structuredClone(
    ask({
      messages,
      tools: [{ name: toolName, input_schema: { type: 'object' } }],
      max_tokens: 32_000,
      stream: isStream,
      ...(thinking === undefined ? {} : { thinking }),
    }),
  )
  if (station.dialect === undefined) {
    const body = toForeignBody(request, station)
    expectNothingForeign(body, history, station)
    station.check(body, history, station)
    return structuredClone(wire.whole as { content: Block[] }).content
  }
  const { dialect: name, preset, model } = station
  const translation = translate(request, { dialect: name, preset, model })
  const body: JsonObject = { ...translation.upstream.body }
  expectNothingForeign(body, history, station)
  station.check(body, history, station)
  return toAnswer(translation, wire, isStream, counter)
}

/** No signature of ours, and no state but the station's own. */
function expectNothingForeign(body: JsonObject, history: readonly Turn[], station: Station): void {
  const json = JSON.stringify(body)
  expect(json).not.toContain('gw1.')
  const own = new Set(
    history
      .filter((turn) => isOwn(turn, station))
      .flatMap(({ steps }) => steps.map(({ seal }) => seal)),
  )
  const foreign = [...json.matchAll(/<<[^>]*>>/g)].map(([seal]) => seal)
  expect(foreign.filter((seal) => !own.has(seal))).toEqual([])
}

function toAnswer(
  { dialect, upstream }: Translation,
  wire: WireAnswer,
  isStream: boolean,
  counter: { ids: number },
): Block[] {
  const context = {
    toolNames: upstream.toolNames,
    newToolId: () => `toolu_${String((counter.ids += 1)).padStart(24, '0')}`,
  }
  const parts: Part[] = []
  if (!isStream) {
    parts.push(...dialect.readReply(structuredClone(wire.whole), context))
  }
  if (isStream) {
    const reader = dialect.createReader(context)
    for (const event of wire.events) {
      parts.push(...reader.read(toEvent(event)))
    }
    parts.push(...reader.end())
  }
  const answer = new AnswerWriter({
    id: 'msg_1',
    model: 'm',
    requestId: 'req_1',
    estimatedInput: () => 1,
    isFolded: false,
  })
  answer.write(parts)
  const { content } = foldMessage(answer.takeEvents())
  for (const block of content) {
    expect(block.type !== 'thinking' || isPortable(block.signature)).toBe(true)
  }
  return content.map((block) => ({ ...block }))
}

function toEvent(said: object | string): UpstreamEvent {
  if (typeof said === 'string') {
    return { data: said }
  }
  return 'event' in said && 'data' in said
    ? { event: String(said.event), data: JSON.stringify(said.data) }
    : { data: JSON.stringify(said) }
}
