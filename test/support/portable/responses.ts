/** Stations of the Responses API: reasoning items that go back in front of what came of them. */
import { expect } from 'vitest'
import * as z from 'zod'

import type { JsonObject } from '../../../src/anthropic/json.ts'
import type { Rules, SaidStep, Station, Turn, WireAnswer } from './station.ts'
import { cut, inputOf, isOwn, textOf, toolName, toStation } from './station.ts'

export interface ResponsesRules extends Rules {
  /** Reasoning is plain text, and nothing is encrypted. */
  isPlain?: boolean
  /** Ids of reasoning items go back. */
  ids?: boolean
}

export function responsesStation(rules: ResponsesRules): Station {
  return toStation(rules, {
    dialect: 'openai-responses',
    answer: (steps) => answer(steps, rules.isPlain ?? false),
    check,
  })
}

type Item = JsonObject & { type: string }

function answer(steps: readonly SaidStep[], isPlain: boolean): WireAnswer {
  const output = steps.flatMap((step) => [
    ...(step.thinks ? [toReasoning(step, isPlain)] : []),
    toItem(step),
  ])
  const whole = { object: 'response', status: 'completed', output }
  return {
    events: [
      { type: 'response.created', response: { status: 'in_progress', output: [] } },
      ...output.flatMap((item, place) => toEvents(item, place)),
      { type: 'response.completed', response: whole },
    ],
    whole,
    kept: toComparables(output),
  }
}

function toReasoning({ number, thought, seal }: SaidStep, isPlain: boolean): Item {
  return {
    type: 'reasoning',
    id: `rs_${number}`,
    ...(isPlain
      ? { summary: [], content: [{ type: 'reasoning_text', text: thought }] }
      : { summary: [{ type: 'summary_text', text: thought }], encrypted_content: seal }),
  }
}

function toItem(step: SaidStep): Item {
  const { says, number } = step
  return says === 'text'
    ? {
        type: 'message',
        id: `msg_${number}`,
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: textOf(step), annotations: [] }],
      }
    : {
        type: 'function_call',
        id: `fc_${number}`,
        call_id: `call_${number}`,
        name: toolName,
        arguments: JSON.stringify(inputOf(step)),
        status: 'completed',
      }
}

function toEvents(item: Item, output_index: number): object[] {
  const at = { output_index, item_id: item['id'] }
  const bare = { ...item, status: 'in_progress', content: [], summary: [], arguments: '' }
  return [
    { type: 'response.output_item.added', output_index, item: bare },
    ...cut(wordsOf(item)).map((delta) => ({ type: deltaOf(item), ...at, content_index: 0, delta })),
    { type: 'response.output_item.done', output_index, item },
  ]
}

function deltaOf({ type, summary }: Item): string {
  switch (type) {
    case 'reasoning':
      return Array.isArray(summary) && summary.length > 0
        ? 'response.reasoning_summary_text.delta'
        : 'response.reasoning_text.delta'
    case 'message':
      return 'response.output_text.delta'
    default:
      return 'response.function_call_arguments.delta'
  }
}

const texts = z.array(z.object({ text: z.string() })).catch([])

function wordsOf({ summary, content, arguments: json }: Item): string {
  const parts = [...texts.parse(summary), ...texts.parse(content)]
  return typeof json === 'string' ? json : parts.map(({ text }) => text).join('')
}

interface Comparable {
  type: string
  words: string
  seal: unknown
}

/** Items as they are compared: what they are, say, and hold of state. Messages in a row are one. */
function toComparables(items: readonly Item[]): Comparable[] {
  const comparables: Comparable[] = []
  for (const item of items) {
    const { type, content, encrypted_content: seal } = item
    const words = (typeof content === 'string' ? content : wordsOf(item)).replace(/\s/g, '')
    const last = comparables.at(-1)
    if (type === 'message' && last?.type === 'message') {
      last.words += words
    } else {
      comparables.push({ type, words, seal })
    }
  }
  return comparables
}

const textPart = z.strictObject({ type: z.literal('input_text'), text: z.string().min(1) })
const imagePart = z.strictObject({
  type: z.literal('input_image'),
  image_url: z.string(),
  detail: z.literal('auto'),
})
const input = z.array(textPart.or(imagePart)).min(1)
const id = z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/)
const item = z.union([
  z.strictObject({
    type: z.literal('message'),
    role: z.enum(['user', 'system', 'developer']),
    content: input,
  }),
  z.strictObject({
    type: z.literal('message'),
    role: z.literal('assistant'),
    id: z.string().optional(),
    status: z.literal('completed').optional(),
    phase: z.enum(['commentary', 'final_answer']).optional(),
    content: z.union([
      z.string().min(1),
      z.array(
        z.strictObject({
          type: z.literal('output_text'),
          text: z.string().min(1),
          annotations: z.array(z.never()),
        }),
      ),
    ]),
  }),
  z.strictObject({
    type: z.literal('function_call'),
    id: z.string().optional(),
    status: z.literal('completed').optional(),
    call_id: id,
    name: z.literal(toolName),
    arguments: z.string(),
  }),
  z.strictObject({
    type: z.literal('function_call_output'),
    call_id: id,
    output: z.union([z.string(), input]),
  }),
  z.strictObject({
    type: z.literal('reasoning'),
    id: z.string().optional(),
    summary: z.array(z.strictObject({ type: z.literal('summary_text'), text: z.string() })),
    content: z
      .array(z.strictObject({ type: z.literal('reasoning_text'), text: z.string() }))
      .optional(),
    encrypted_content: z.string().optional(),
  }),
])
type InputItem = z.infer<typeof item>

function check(body: JsonObject, history: readonly Turn[], station: Station): void {
  const items = z.array(item).parse(body['input'])
  expect(body['store']).not.toBe(true)
  expectFollowed(items)
  expectPaired(items)
  const turns = toTurns(items)
  expect(turns).toHaveLength(history.length)
  for (const [index, turn] of history.entries()) {
    const sent = toComparables(turns[index]!)
    const isPlain = station.preset.startsWith('deepseek')
    if (isOwn(turn, station)) {
      const kept = turn.kept as Comparable[]
      expect(isPlain ? byKind(sent) : sent).toEqual(isPlain ? byKind(kept) : kept)
    } else {
      expectPlain(sent, turn)
    }
  }
}

/** Reasoning stands in front of what came of it. */
function expectFollowed(items: readonly InputItem[]): void {
  for (const [index, each] of items.entries()) {
    const next = items[index + 1]
    const isSaid =
      next?.type === 'function_call' || (next?.type === 'message' && next.role === 'assistant')
    if (each.type === 'reasoning' && each.encrypted_content !== undefined) {
      expect(isSaid).toBe(true)
    }
  }
}

function expectPaired(items: readonly InputItem[]): void {
  let open: string[] = []
  const seen = new Set<string>()
  for (const each of items) {
    if (each.type === 'function_call') {
      expect(seen.has(each.call_id)).toBe(false)
      seen.add(each.call_id)
      open.push(each.call_id)
    } else if (each.type === 'function_call_output') {
      expect(open).toContain(each.call_id)
      open = open.filter((call) => call !== each.call_id)
    } else if (each.type === 'message' && each.role === 'user') {
      expect(open).toEqual([])
    }
  }
  expect(open).toEqual([])
}

/** Where nothing may stand between calls, they are moved to the end. */
function byKind(items: readonly Comparable[]): object {
  const words = (kind: string): string =>
    items.map(({ type, words: each }) => (type === kind ? each : '')).join('')
  return { said: words('message'), thought: words('reasoning'), called: words('function_call') }
}

function toTurns(items: readonly InputItem[]): Item[][] {
  const turns: Item[][] = []
  let isOpen = false
  for (const each of items) {
    const isTheirs =
      each.type === 'function_call_output' || (each.type === 'message' && each.role !== 'assistant')
    if (!isTheirs) {
      turns.splice(isOpen ? turns.length - 1 : turns.length, 1, [
        ...(isOpen ? turns.at(-1)! : []),
        each,
      ])
    }
    isOpen = !isTheirs
  }
  return turns
}

/** Of others there are the words and the calls. */
function expectPlain(sent: readonly Comparable[], { steps }: Turn): void {
  const said = steps.filter(({ says }) => says === 'text').map(textOf)
  const called = steps.filter(({ says }) => says === 'call').map(inputOf)
  expect(byKind(sent)).toEqual({
    said: said.join('').replace(/\s/g, ''),
    thought: '',
    called: called.map((each) => JSON.stringify(each)).join(''),
  })
  expect(sent.every(({ seal }) => seal === undefined)).toBe(true)
}
