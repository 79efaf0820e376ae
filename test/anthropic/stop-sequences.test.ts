import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Part } from '../../src/anthropic/answer/part.ts'
import { StopSequenceFilter } from '../../src/anthropic/answer/stop-sequences.ts'

function run(sequences: string[], texts: string[]): { text: string; sequence?: string } {
  const filter = new StopSequenceFilter(sequences)
  const parts = [
    ...texts.map((text): Part => ({ type: 'text-delta', text })),
    { type: 'stop', reason: 'end_turn' } as const,
  ].flatMap((part) => filter.write([part]))
  const text = parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('')
  const stop = parts.at(-1)
  return {
    text,
    ...(stop?.type === 'stop' && stop.sequence !== undefined ? { sequence: stop.sequence } : {}),
  }
}

test('a stop sequence is found across chunk boundaries, and no part of it is sent', () => {
  expect(run(['STOP'], ['one S', 'TO', 'P two'])).toEqual({ text: 'one ', sequence: 'STOP' })
})

test('text that only begins like a stop sequence is sent', () => {
  expect(run(['STOP'], ['one ST', 'ONE'])).toEqual({ text: 'one STONE' })
})

test('the longest of several stop sequences that end together is reported', () => {
  expect(run(['b', 'ab'], ['xxab'])).toEqual({ text: 'xx', sequence: 'ab' })
})

test('withheld text is sent before a tool call', () => {
  const filter = new StopSequenceFilter(['STOP'])
  const parts = filter.write([
    { type: 'text-delta', text: 'S' },
    { type: 'tool-start', call: 0, id: 'i', name: 'n' },
  ])
  expect(parts.map(({ type }) => type)).toEqual(['text-delta', 'tool-start'])
})

test('withheld text stays withheld when the upstream reports usage', () => {
  const filter = new StopSequenceFilter(['STOP'])
  const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, thinking: 0 }
  const parts = filter.write([
    { type: 'text-delta', text: 'one ST' },
    { type: 'usage', usage },
    { type: 'text-delta', text: 'OP two' },
  ])
  expect(parts).toEqual([
    { type: 'text-delta', text: 'one ' },
    { type: 'usage', usage },
    { type: 'stop', reason: 'stop_sequence', sequence: 'STOP' },
  ])
})

test('the first complete stop sequence is found, wherever the text is split', () => {
  const letter = fc.constantFrom('a', 'b', 'c')
  fc.assert(
    fc.property(
      fc.string({ unit: letter, maxLength: 20 }),
      fc.array(fc.string({ unit: letter, minLength: 1, maxLength: 4 }), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.nat(20),
      (text, sequences, cut) => {
        const whole = run(sequences, [text])
        expect(whole).toEqual(searched(sequences, text))
        expect(run(sequences, [text.slice(0, cut), text.slice(cut)])).toEqual(whole)
        expect(run(sequences, text.split(''))).toEqual(whole)
      },
    ),
  )
})

/** The same by a plain search at every end. */
function searched(sequences: string[], text: string): { text: string; sequence?: string } {
  const longestFirst = sequences.toSorted((one, other) => other.length - one.length)
  for (let end = 1; end <= text.length; end += 1) {
    const sequence = longestFirst.find((one) => text.slice(0, end).endsWith(one))
    if (sequence !== undefined) {
      return { text: text.slice(0, end - sequence.length), sequence }
    }
  }
  return { text }
}
