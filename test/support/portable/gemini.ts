/** Stations of `generateContent`: thought signatures on the very parts that they came on. */
import { expect } from 'vitest'
import * as z from 'zod'

import type { JsonObject } from '../../../src/anthropic/json.ts'
import type { Rules, SaidStep, Station, Turn, WireAnswer } from './station.ts'
import { inputOf, isOwn, textOf, toolName, toStation } from './station.ts'

export interface GeminiRules extends Rules {
  /** A function call without its signature is refused. */
  signs: boolean
  /** Calls and responses carry ids. */
  ids: boolean
}

export function geminiStation(rules: GeminiRules): Station {
  return toStation(rules, {
    dialect: 'gemini',
    answer: (steps) => answer(steps, rules),
    check: (body, history, station) => check(body, history, station, rules),
  })
}

interface Part {
  text?: string
  thought?: true
  thoughtSignature?: string
  functionCall?: { id?: string; name: string; args: object }
}

function answer(steps: readonly SaidStep[], { ids }: GeminiRules): WireAnswer {
  const first = steps.findIndex(({ says }) => says === 'call')
  const isSigned = steps.some(({ thinks }) => thinks)
  const parts = steps.flatMap((step, index): Part[] => [
    ...(step.thinks ? [{ text: step.thought, thought: true as const }] : []),
    toPart(step, isSigned && index === first, ids),
  ])
  const last = steps.at(-1)
  // Streams sign the last text on an empty part.
  const end: Part[] =
    last?.says === 'text' && last.thinks ? [{ text: '', thoughtSignature: last.seal }] : []
  const all = [...parts, ...end]
  const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 }
  return {
    events: [
      ...all.map((part) => ({
        candidates: [{ index: 0, content: { role: 'model', parts: [part] } }],
      })),
      { candidates: [{ index: 0, content: { parts: [] }, finishReason: 'STOP' }], usageMetadata },
    ],
    whole: {
      candidates: [{ index: 0, content: { role: 'model', parts: all }, finishReason: 'STOP' }],
      usageMetadata,
    },
    kept: parts.flatMap(({ functionCall, thoughtSignature }) =>
      functionCall === undefined ? [] : [thoughtSignature],
    ),
  }
}

function toPart(step: SaidStep, isSigned: boolean, ids: boolean): Part {
  return step.says === 'text'
    ? { text: textOf(step) }
    : {
        functionCall: {
          ...(ids ? { id: `call_${step.number}` } : {}),
          name: toolName,
          args: inputOf(step),
        },
        ...(isSigned ? { thoughtSignature: step.seal } : {}),
      }
}

const blob = z.strictObject({
  inlineData: z.strictObject({ mimeType: z.string(), data: z.string() }),
})
const userPart = z.union([
  z.strictObject({ text: z.string().min(1) }),
  blob,
  z.strictObject({
    functionResponse: z.strictObject({
      id: z.string().optional(),
      name: z.literal(toolName),
      response: z.union([
        z.strictObject({ output: z.string() }),
        z.strictObject({ error: z.string() }),
      ]),
      parts: z.array(blob).optional(),
    }),
  }),
])
const modelPart = z.union([
  z.strictObject({
    text: z.string(),
    thought: z.literal(true).optional(),
    thoughtSignature: z.string().optional(),
  }),
  z.strictObject({
    functionCall: z.strictObject({
      id: z.string().optional(),
      name: z.literal(toolName),
      args: z.strictObject({ number: z.number() }),
    }),
    thoughtSignature: z.string().optional(),
  }),
])
const content = z.union([
  z.strictObject({ role: z.literal('user'), parts: z.array(userPart).min(1) }),
  z.strictObject({ role: z.literal('model'), parts: z.array(modelPart).min(1) }),
])
type Content = z.infer<typeof content>
type ModelPart = z.infer<typeof modelPart>

const unsigned = 'skip_thought_signature_validator'

function check(
  body: JsonObject,
  history: readonly Turn[],
  station: Station,
  rules: GeminiRules,
): void {
  const contents = z.array(content).parse(body['contents'])
  expectTurns(contents, rules)
  const answers = contents.flatMap((each) => (each.role === 'model' ? [each.parts] : []))
  expect(answers).toHaveLength(history.length)
  for (const [index, turn] of history.entries()) {
    expectAnswer(answers[index]!, turn, station, rules)
  }
}

/** User and model take turns, and each turn of calls has its responses right behind it. */
function expectTurns(contents: readonly Content[], { ids }: GeminiRules): void {
  expect(contents.map(({ role }) => role)).toEqual(
    contents.map((_, index) => (index % 2 === 0 ? 'user' : 'model')),
  )
  expect(contents.at(-1)?.role).toBe('user')
  for (const [index, { role, parts }] of contents.entries()) {
    const calls = parts.flatMap((part) => ('functionCall' in part ? [part.functionCall] : []))
    const responses = (contents[index + 1]?.parts ?? []).flatMap((part) =>
      'functionResponse' in part ? [part.functionResponse] : [],
    )
    if (role === 'model') {
      expect(responses.map(({ id }) => id)).toEqual(calls.map(({ id }) => id))
      expect(calls.every(({ id }) => (id !== undefined) === ids)).toBe(true)
      expect(new Set(calls.map(({ id }) => id)).size).toBe(
        ids ? calls.length : Math.min(calls.length, 1),
      )
    }
  }
}

function expectAnswer(
  sent: readonly ModelPart[],
  turn: Turn,
  station: Station,
  { signs }: GeminiRules,
): void {
  const { steps } = turn
  const calls = sent.filter((part) => 'functionCall' in part)
  const called = steps.filter(({ says }) => says === 'call')
  expect(calls.map((part) => part.functionCall.args)).toEqual(called.map(inputOf))
  const [kept, ...others] = isOwn(turn, station) ? (turn.kept as (string | undefined)[]) : []
  const [first, ...rest] = calls.map(({ thoughtSignature }) => thoughtSignature)
  if (calls.length > 0) {
    expect(first).toBe(kept ?? (signs ? unsigned : undefined))
  }
  expect(rest.every((signature) => signature === undefined)).toBe(true)
  expect(others.every((signature) => signature === undefined)).toBe(true)
  const said = sent
    .map((part) => ('text' in part && part.thought !== true ? part.text : ''))
    .join('')
  const texts = steps.filter(({ says }) => says === 'text').map(textOf)
  expect(said.replace(/\s/g, '')).toBe(texts.join('').replace(/\s/g, ''))
}
