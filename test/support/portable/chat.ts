/** Stations of chat completions: each vendor's home of reasoning, and what it insists on. */
import { expect } from 'vitest'
import * as z from 'zod'

import type { JsonObject } from '../../../src/anthropic/json.ts'
import type { Rules, SaidStep, Station, Turn, WireAnswer } from './station.ts'
import { cut, inputOf, isOwn, textOf, reasoningOf, toolName, toStation } from './station.ts'

export interface ChatRules extends Rules {
  /** Where it says its reasoning, and wants it back. */
  home: Home
  /** Where it takes the text of what other models thought; absent where it does not. */
  foreign?: 'reasoning_content' | 'reasoning'
  /** Where it takes that of other models of its own. */
  relative?: 'reasoning_content' | 'reasoning'
  /** Reasoning goes back beside calls only. */
  besideCallsOnly?: boolean
  /** Insisted on beside calls, where there is no reasoning. */
  lost?: string
  ids?: RegExp
}

type Home =
  | 'reasoning_content'
  | 'reasoning'
  | 'reasoning_details'
  | 'content'
  | 'think_tags'
  | 'extra_content'

export function chatStation(rules: ChatRules): Station {
  return toStation(rules, {
    dialect: 'openai-chat',
    answer: (steps) => answer(steps, rules.home),
    check: (body, history, station) => check(body, history, station, rules),
  })
}

function answer(steps: readonly SaidStep[], home: Home): WireAnswer {
  const thought = steps.map((step) => step.thought).join('')
  const seal = steps.find(({ thinks }) => thinks)?.seal ?? ''
  const calls = steps.filter(({ says }) => says === 'call').map((step) => toCall(step, home))
  const text = steps.flatMap((step) => (step.says === 'text' ? [textOf(step)] : [])).join('')
  const spoken = home === 'think_tags' ? 'reasoning' : home
  const kept = thought === '' ? {} : keptIn(spoken, thought, seal)
  const reasoning = thought === '' ? [] : thinkingDeltas(spoken, thought, seal)
  const deltas = [
    { role: 'assistant', content: '' },
    ...reasoning,
    ...cut(text).map((content) => ({ content })),
    ...calls.flatMap((call, index) => callDeltas(call, index)),
  ]
  const finish = calls.length > 0 ? 'tool_calls' : 'stop'
  const message = {
    role: 'assistant',
    ...kept,
    content:
      home === 'content' && thought !== '' ? [...parts(thought), { type: 'text', text }] : text,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  }
  return {
    events: [
      ...deltas.map((delta) => ({ choices: [{ index: 0, delta, finish_reason: null }] })),
      { choices: [{ index: 0, delta: {}, finish_reason: finish }] },
      '[DONE]',
    ],
    whole: { choices: [{ index: 0, message, finish_reason: finish }] },
    kept: { fields: kept, extras: calls.map(({ extra_content }) => extra_content) },
  }
}

interface Call {
  id: string
  type: 'function'
  function: { name: string; arguments: string }
  extra_content?: object
}

function toCall(step: SaidStep, home: Home): Call {
  const extra_content = { google: { thought_signature: step.seal } }
  return {
    id: `chatcmpl-tool-${'0'.repeat(28)}${step.number}`,
    type: 'function',
    function: { name: toolName, arguments: JSON.stringify(inputOf(step)) },
    ...(home === 'extra_content' && step.thinks ? { extra_content } : {}),
  }
}

function callDeltas(
  { function: { arguments: json, name }, ...call }: Call,
  index: number,
): object[] {
  const [start = '', end = ''] = cut(json)
  const first = { index, ...call, function: { name, arguments: start } }
  return [{ tool_calls: [first] }, { tool_calls: [{ index, function: { arguments: end } }] }]
}

function parts(text: string): object[] {
  return [{ type: 'thinking', thinking: [{ type: 'text', text }] }]
}

/** Fields of the message, whole. */
function keptIn(home: Home, text: string, seal: string): JsonObject {
  switch (home) {
    case 'reasoning_details':
      return {
        reasoning_details: [
          {
            type: 'reasoning.text',
            format: 'anthropic-claude-v1',
            index: 0,
            text,
            signature: seal,
          },
          { type: 'reasoning.encrypted', format: 'unknown', index: 1, id: 'rs', data: seal },
        ],
      }
    case 'reasoning_content':
    case 'reasoning':
      return { [home]: text }
    default:
      return {}
  }
}

function thinkingDeltas(home: Home, text: string, seal: string): object[] {
  if (home === 'content') {
    return cut(text).map((piece) => ({ content: parts(piece) }))
  }
  if (home !== 'reasoning_details') {
    return home === 'extra_content' ? [] : cut(text).map((piece) => ({ [home]: piece }))
  }
  const entry = { type: 'reasoning.text', format: 'anthropic-claude-v1', index: 0 }
  const encrypted = {
    type: 'reasoning.encrypted',
    format: 'unknown',
    index: 1,
    id: 'rs',
    data: seal,
  }
  return [
    ...cut(text).map((piece) => ({
      reasoning: piece,
      reasoning_details: [{ ...entry, text: piece }],
    })),
    { reasoning_details: [{ ...entry, signature: seal }] },
    { reasoning_details: [encrypted] },
  ]
}

const text = z.strictObject({ type: z.literal('text'), text: z.string().min(1) })
const image = z.strictObject({
  type: z.literal('image_url'),
  image_url: z.strictObject({ url: z.string(), detail: z.string().optional() }),
})
const thinkingPart = z.strictObject({ type: z.literal('thinking'), thinking: z.array(text) })
const call = z.strictObject({
  id: z.string(),
  type: z.literal('function'),
  function: z.strictObject({ name: z.literal(toolName), arguments: z.string() }),
  extra_content: z.unknown().optional(),
})
const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: z.string() }),
  z.strictObject({
    role: z.literal('user'),
    content: z.union([z.string().min(1), z.array(z.union([text, image])).min(1)]),
  }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.union([z.string(), z.null(), z.array(z.union([thinkingPart, text]))]),
    tool_calls: z.array(call).min(1).optional(),
    reasoning_content: z.string().optional(),
    reasoning: z.string().optional(),
    reasoning_details: z.array(z.unknown()).optional(),
  }),
  z.strictObject({
    role: z.literal('tool'),
    tool_call_id: z.string(),
    name: z.literal(toolName).optional(),
    content: z.union([z.string(), z.array(text)]),
  }),
])
type Message = z.infer<typeof message>
type Answer = Extract<Message, { role: 'assistant' }>

function check(
  body: JsonObject,
  history: readonly Turn[],
  station: Station,
  rules: ChatRules,
): void {
  const messages = z.array(message).parse(body['messages'])
  expectPaired(messages, rules.ids ?? /^[a-zA-Z0-9_-]{1,40}$/)
  // Some templates want an answer between results and a user's message.
  const answers = messages.filter(
    (entry): entry is Answer =>
      entry.role === 'assistant' && entry.content !== 'I have the results.',
  )
  expect(answers).toHaveLength(history.length)
  for (const [index, turn] of history.entries()) {
    expectAnswer(answers[index]!, turn, station, rules)
  }
}

function expectPaired(messages: readonly Message[], ids: RegExp): void {
  let open: string[] = []
  const seen = new Set<string>()
  for (const entry of messages) {
    if (entry.role === 'tool') {
      expect(entry.tool_call_id).toBe(open.shift())
    } else {
      expect(open).toEqual([])
      open = entry.role === 'assistant' ? (entry.tool_calls ?? []).map(({ id }) => id) : []
      for (const id of open) {
        expect(id).toMatch(ids)
        expect(seen.has(id)).toBe(false)
        seen.add(id)
      }
    }
  }
  expect(open).toEqual([])
}

function expectAnswer(sent: Answer, turn: Turn, station: Station, rules: ChatRules): void {
  const calls = turn.steps.filter(({ says }) => says === 'call')
  const { role: _, content, tool_calls = [], ...fields } = sent
  const { prefix, expected, extras } = expectation(turn, station, rules, calls.length > 0)
  expect(fields).toEqual(expected)
  expect(tool_calls.map(({ extra_content }) => extra_content)).toEqual(
    calls.map((_call, index) => extras[index]),
  )
  expect(tool_calls.map((each) => JSON.parse(each.function.arguments))).toEqual(calls.map(inputOf))
  const flat = Array.isArray(content)
    ? content
        .map((part) =>
          part.type === 'text' ? part.text : part.thinking.map((t) => t.text).join(''),
        )
        .join('')
    : (content ?? '')
  const texts = turn.steps.flatMap((step) => (step.says === 'text' ? [textOf(step)] : []))
  expect(flat.replace(/\s/g, '')).toBe((prefix + texts.join('')).replace(/\s/g, ''))
}

interface Expectation {
  prefix: string
  expected: JsonObject
  extras: (object | undefined)[]
}

const nothing: Expectation = { prefix: '', expected: {}, extras: [] }

/** What of a turn's reasoning must be in the message. */
function expectation(
  turn: Turn,
  station: Station,
  rules: ChatRules,
  hasCalls: boolean,
): Expectation {
  if (rules.besideCallsOnly === true && !hasCalls) {
    return nothing
  }
  return restored(turn, station, rules) ?? (hasCalls ? instead(rules) : nothing)
}

function restored(turn: Turn, station: Station, rules: ChatRules): Expectation | undefined {
  const { home, foreign, relative } = rules
  const reasoning = reasoningOf(turn)
  const from = turn.station
  const isRelative = from.dialect === station.dialect && from.preset === station.preset
  const prefix = isRelative && reasoning !== '' ? toPrefix(home, reasoning) : ''
  if (prefix !== '') {
    return { ...nothing, prefix }
  }
  const own = ownOf(turn, station)
  if (own !== undefined) {
    return { ...nothing, expected: own.fields, extras: own.extras }
  }
  const field = isRelative ? (relative ?? foreign) : foreign
  return reasoning === '' || field === undefined
    ? undefined
    : { ...nothing, expected: { [field]: reasoning } }
}

function ownOf(turn: Turn, station: Station): Kept | undefined {
  const kept = turn.kept as Kept
  const isOurs = isOwn(turn, station)
  return isOurs && (kept.extras.some(Boolean) || Object.keys(kept.fields).length > 0)
    ? kept
    : undefined
}

/** Thoughts that stand in the content. */
function toPrefix(home: Home, reasoning: string): string {
  if (home === 'think_tags') {
    return `<think>\n${reasoning}\n</think>\n\n`
  }
  return home === 'content' ? reasoning : ''
}

interface Kept {
  fields: JsonObject
  extras: object[]
}

/** Beside calls whose reasoning is lost. */
function instead({ home, lost }: ChatRules): Expectation {
  if (home === 'extra_content') {
    const google = { thought_signature: 'skip_thought_signature_validator' }
    return { ...nothing, extras: [{ google }] }
  }
  return lost === undefined ? nothing : { ...nothing, expected: { reasoning_content: lost } }
}
