/** The station that is passed through: Anthropic's own thinking byte for byte, and nobody else's. */
import { expect } from 'vitest'

import type { JsonObject } from '../../../src/anthropic/json.ts'
import type { Block, Rules, SaidStep, Station, Turn, WireAnswer } from './station.ts'
import { inputOf, isOwn, textOf, toolName, toStation } from './station.ts'

export function anthropicStation(rules: Rules): Station {
  return toStation(rules, { answer, check })
}

/** Its answers go to the client as they are. */
function answer(steps: readonly SaidStep[]): WireAnswer {
  const kept = steps.flatMap((step): Block[] => [
    ...(step.thinks ? toThinking(step) : []),
    step.says === 'text'
      ? { type: 'text', text: textOf(step) }
      : { type: 'tool_use', id: `toolu_ant${step.number}`, name: toolName, input: inputOf(step) },
  ])
  return { events: [], whole: { content: kept }, kept }
}

function toThinking({ thought, seal, number }: SaidStep): Block[] {
  const shown = { type: 'thinking', thinking: thought, signature: seal }
  return number % 3 === 0 ? [shown, { type: 'redacted_thinking', data: seal }] : [shown]
}

function check(body: JsonObject, history: readonly Turn[], station: Station): void {
  const messages = body['messages'] as { role: string; content: Block[] }[]
  const answers = messages.filter(({ role }) => role === 'assistant').map(({ content }) => content)
  expect(answers).toHaveLength(history.length)
  for (const [index, turn] of history.entries()) {
    const isTheirs = isOwn(turn, station)
    const expected = isTheirs ? (turn.kept as Block[]) : turn.content.filter(isPlain)
    expect(answers[index]).toEqual(expected)
  }
  const last = history.at(-1)
  if (last?.station.dialect !== undefined) {
    expectThoughtful(body, answers.at(-1), messages.at(-1)?.content ?? [])
  }
}

function isPlain({ type }: Block): boolean {
  return type !== 'thinking' && type !== 'redacted_thinking'
}

/** `Expected thinking or redacted_thinking, but found tool_use`: while tools run, thinking cannot begin. */
function expectThoughtful(
  body: JsonObject,
  last: readonly Block[] | undefined,
  user: readonly Block[],
): void {
  const isRunning = user.some(({ type }) => type === 'tool_result')
  const { type } = (body['thinking'] ?? {}) as { type?: string }
  if (isRunning && type === 'enabled') {
    expect(last?.[0]?.type).toMatch(/thinking/)
  }
}
