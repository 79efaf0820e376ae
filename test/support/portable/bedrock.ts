/** Stations of `Converse`: reasoning that goes back, signed, to models of the same maker. */
import { expect } from 'vitest'
import * as z from 'zod'

import type { JsonObject } from '../../../src/anthropic/json.ts'
import type { Rules, SaidStep, Station, Turn, WireAnswer } from './station.ts'
import { cut, inputOf, isOwn, textOf, toolName, toStation } from './station.ts'

export function bedrockStation(rules: Rules): Station {
  return toStation(rules, { dialect: 'bedrock', answer, check })
}

type Block = JsonObject

function answer(steps: readonly SaidStep[]): WireAnswer {
  const content = steps.flatMap((step): Block[] => [
    ...(step.thinks ? [toReasoning(step)] : []),
    toBlock(step),
  ])
  const stopReason = steps.some(({ says }) => says === 'call') ? 'tool_use' : 'end_turn'
  const usage = { inputTokens: 10, outputTokens: 5, totalTokens: 15 }
  return {
    events: [
      { event: 'messageStart', data: { role: 'assistant' } },
      ...content.flatMap(toEvents),
      { event: 'messageStop', data: { stopReason } },
      { event: 'metadata', data: { usage } },
    ],
    whole: { output: { message: { role: 'assistant', content } }, stopReason, usage },
    kept: content.map(toComparable),
  }
}

function toReasoning({ thought, seal }: SaidStep): Block {
  return { reasoningContent: { reasoningText: { text: thought, signature: seal } } }
}

function toBlock(step: SaidStep): Block {
  return step.says === 'text'
    ? { text: textOf(step) }
    : { toolUse: { toolUseId: `tooluse_${step.number}`, name: toolName, input: inputOf(step) } }
}

function toEvents(block: Block, contentBlockIndex: number): object[] {
  const delta = (data: object): object => ({
    event: 'contentBlockDelta',
    data: { contentBlockIndex, delta: data },
  })
  const end = { event: 'contentBlockStop', data: { contentBlockIndex } }
  const { text, toolUse, reasoningContent } = wireBlock.parse(block)
  if (toolUse !== undefined) {
    const { toolUseId, name, input } = toolUse
    const start = { contentBlockIndex, start: { toolUse: { toolUseId, name } } }
    const pieces = cut(JSON.stringify(input)).map((piece) => delta({ toolUse: { input: piece } }))
    return [{ event: 'contentBlockStart', data: start }, ...pieces, end]
  }
  if (reasoningContent !== undefined) {
    const { text: thought, signature } = reasoningContent.reasoningText
    const pieces = cut(thought).map((piece) => delta({ reasoningContent: { text: piece } }))
    return [...pieces, delta({ reasoningContent: { signature } }), end]
  }
  return [...cut(text ?? '').map((piece) => delta({ text: piece })), end]
}

const wireBlock = z.object({
  text: z.string().optional(),
  toolUse: z
    .object({ toolUseId: z.string(), name: z.string(), input: z.record(z.string(), z.unknown()) })
    .optional(),
  reasoningContent: z
    .object({ reasoningText: z.object({ text: z.string(), signature: z.string() }) })
    .optional(),
})

/** A block as it is compared: ids are the gateway's. */
function toComparable(block: Block): object {
  const { text, toolUse, reasoningContent } = wireBlock.parse(block)
  return { text: text?.replace(/\s/g, ''), input: toolUse?.input, ...reasoningContent }
}

const media = z.strictObject({
  format: z.string(),
  source: z.strictObject({ bytes: z.string().min(1) }),
})
const text = z.strictObject({ text: z.string().min(1) })
const image = z.strictObject({ image: media })
const id = z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/)
const message = z.union([
  z.strictObject({
    role: z.literal('user'),
    content: z
      .array(
        z.union([
          text,
          image,
          z.strictObject({ cachePoint: z.unknown() }),
          z.strictObject({
            toolResult: z.strictObject({
              toolUseId: id,
              status: z.literal('error').optional(),
              content: z.array(text.or(image)).min(1),
            }),
          }),
        ]),
      )
      .min(1),
  }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z
      .array(
        z.union([
          text,
          z.strictObject({
            toolUse: z.strictObject({
              toolUseId: id,
              name: z.literal(toolName),
              input: z.strictObject({ number: z.number() }),
            }),
          }),
          z.strictObject({
            reasoningContent: z.strictObject({
              reasoningText: z.strictObject({ text: z.string(), signature: z.string() }),
            }),
          }),
        ]),
      )
      .min(1),
  }),
])
type Message = z.infer<typeof message>

function check(body: JsonObject, history: readonly Turn[], station: Station): void {
  const messages = z.array(message).parse(body['messages'])
  expectTurns(messages)
  const answers = messages.flatMap(({ role, content }) => (role === 'assistant' ? [content] : []))
  expect(answers).toHaveLength(history.length)
  for (const [index, turn] of history.entries()) {
    const sent = answers[index]!.map((block) => toComparable({ ...block }))
    if (isOwn(turn, station)) {
      expect(joined(sent)).toEqual(joined(turn.kept as object[]))
    } else {
      expect(joined(sent)).toEqual(joined(turn.content.flatMap(toPlain)))
    }
  }
}

/** A block of the client's, of another upstream: its words and calls. */
function toPlain({ type, text: said, input }: Turn['content'][number]): object[] {
  const spoken = typeof said === 'string' ? said.replace(/\s/g, '') : undefined
  return type === 'text' || type === 'tool_use' ? [{ text: spoken, input }] : []
}

/** Texts in a row are one. */
function joined(blocks: readonly object[]): object[] {
  const result: { text?: string; input?: unknown; reasoningText?: unknown }[] = []
  for (const block of blocks) {
    const last = result.at(-1)
    const { text: said }: { text?: string } = block
    if (said !== undefined && last?.text !== undefined) {
      last.text += said
    } else {
      result.push({ ...block })
    }
  }
  return result
}

function expectTurns(messages: readonly Message[]): void {
  expect(messages.map(({ role }) => role)).toEqual(
    messages.map((_, index) => (index % 2 === 0 ? 'user' : 'assistant')),
  )
  const seen = new Set<string>()
  for (const [index, { content }] of messages.entries()) {
    const calls = content.flatMap((block) => ('toolUse' in block ? [block.toolUse.toolUseId] : []))
    const results = (messages[index + 1]?.content ?? []).flatMap((block) =>
      'toolResult' in block ? [block.toolResult.toolUseId] : [],
    )
    expect(results.toSorted()).toEqual(calls.toSorted())
    expect(calls.some((call) => seen.has(call))).toBe(false)
    calls.forEach((call) => seen.add(call))
  }
}
