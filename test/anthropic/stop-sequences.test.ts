import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Part } from '../../src/anthropic/answer/part.ts'
import { StopSequenceFilter } from '../../src/anthropic/answer/stop-sequences.ts'

function run(sequences: string[], texts: string[]): { text: string; sequence?: string } {
  const filter = new StopSequenceFilter(sequences)
  const parts = [
    ...texts.map((text): Part => ({ type: 'text-delta', text })),
    { type: 'stop', reason: 'end_turn' } as const,
  ].flatMap((part) => filter.filter([part]))
  const text = parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('')
  const stop = parts.at(-1)
  return {
    text,
    ...(stop?.type === 'stop' && stop.sequence !== undefined ? { sequence: stop.sequence } : {}),
  }
}

test('finds a sequence across chunk borders and shows nothing of it', () => {
  expect(run(['STOP'], ['one S', 'TO', 'P two'])).toEqual({ text: 'one ', sequence: 'STOP' })
})

test('lets text go that only began like a sequence', () => {
  expect(run(['STOP'], ['one ST', 'ONE'])).toEqual({ text: 'one STONE' })
})

test('takes the sequence that comes first in the text', () => {
  expect(run(['b', 'ab'], ['xxab'])).toEqual({ text: 'xx', sequence: 'ab' })
})

test('shows held text before a tool call', () => {
  const filter = new StopSequenceFilter(['STOP'])
  const parts = filter.filter([
    { type: 'text-delta', text: 'S' },
    { type: 'tool-start', call: 0, id: 'i', name: 'n' },
  ])
  expect(parts.map(({ type }) => type)).toEqual(['text-delta', 'tool-start'])
})

test('gives the same answer however the text is cut', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 20 })
  fc.assert(
    fc.property(
      letters,
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 3 }), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.nat(20),
      (text, sequences, cut) => {
        const whole = run(sequences, [text])
        const halves = run(sequences, [text.slice(0, cut), text.slice(cut)])
        const letter = run(sequences, text.split(''))
        const first = Math.min(
          ...sequences.map((sequence) => text.indexOf(sequence)).filter((at) => at >= 0),
          text.length,
        )
        expect(whole.text).toBe(text.slice(0, first))
        expect(halves.text.length).toBeLessThanOrEqual(text.length)
        expect(letter.sequence === undefined).toBe(whole.sequence === undefined)
      },
    ),
  )
})
