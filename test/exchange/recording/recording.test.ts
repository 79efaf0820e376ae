import { describe, expect, test } from 'vitest'

import type { CatalogModel } from '../../../src/catalog/schema/model.ts'
import { toRecordMode } from '../../../src/exchange/recording/policy.ts'
import { readAnswer } from '../../../src/exchange/recording/recorder.ts'
import { redact } from '../../../src/exchange/recording/redact.ts'

const holder = (record?: string) => ({ metadata: record === undefined ? {} : { record } })
const modelOf = (record?: CatalogModel['record']): CatalogModel => ({
  id: 'm',
  targets: [{ provider: 'p', model: 'x' }],
  record,
})

describe('recording', () => {
  test.each([
    ['the key', holder('all'), holder('none'), modelOf('none'), 'all'],
    ['the key, which may opt out', holder('none'), holder('all'), modelOf('all'), 'none'],
    ['its group where the key says nothing', holder(), holder('errors'), modelOf('all'), 'errors'],
    ['the model where neither does', holder(), undefined, modelOf('all'), 'all'],
    ['nobody', holder(), holder(), modelOf(), 'none'],
    ['a key that says something else', holder('everything'), undefined, modelOf('all'), 'none'],
  ])('recording is decided by %s', (_, key, group, model, mode) => {
    expect(toRecordMode({ recording: {} }, { key, group, model })).toBe(mode)
  })

  test('recording is off without the catalog’s recording, whatever a key sets', () => {
    expect(toRecordMode({}, { key: holder('all'), group: undefined, model: modelOf('all') })).toBe(
      'none',
    )
  })
})

describe('redaction', () => {
  test.each([
    ['an address', 'write to jane.doe+x@mail.example.com now', 'write to [redacted] now'],
    ['a card', 'card 4111 1111 1111 1111, please', 'card [redacted], please'],
    ['a phone number', 'call +49 (30) 1234-5678!', 'call [redacted]!'],
    ['a key of a cloud', 'AKIAIOSFODNN7EXAMPLE.', '[redacted].'],
    ['a key of a provider', `use sk-${'a'.repeat(40)}.`, 'use [redacted].'],
    [
      'a token',
      `Bearer eyJ${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(20)}`,
      'Bearer [redacted]',
    ],
    [
      'nothing of a sentence',
      'version 1.2.3 of 2026-11-28, 12 of 34',
      'version 1.2.3 of 2026-11-28, 12 of 34',
    ],
  ])('redaction removes %s', (_, text, expected) => {
    expect(redact(text)).toBe(expected)
  })

  test('redaction removes only what it is to remove, and leaves JSON valid', () => {
    const text = JSON.stringify({ a: 'x@y.example "quoted"', b: '4111111111111111' })
    expect(JSON.parse(redact(text, ['card']))).toEqual({
      a: 'x@y.example "quoted"',
      b: '[redacted]',
    })
    expect(redact(text, [])).toBe(text)
  })

  test('redaction takes time in proportion to the text', () => {
    const ms = (length: number): number => {
      const text = 'a.'.repeat(length) + '1 '.repeat(length) + 'eyJa'.repeat(length)
      const startedAt = performance.now()
      redact(text)
      return performance.now() - startedAt
    }
    ms(10_000)
    expect(ms(80_000)).toBeLessThan(40 * Math.max(1, ms(10_000)))
  })
})

describe('an answer', () => {
  const events = { 'content-type': 'text/event-stream; charset=utf-8' }
  const stream = (...all: object[]): string =>
    all.map((event) => `event: x\ndata: ${JSON.stringify(event)}\n\n`).join('')
  const start = {
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [],
      stop_reason: null,
      usage: {},
    },
  }
  const block = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }
  const delta = {
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text: 'hello' },
  }

  test('a streamed answer is recorded as the content of the events that were received', () => {
    const error = { type: 'error', error: { type: 'api_error', message: 'cut' } }
    expect(readAnswer(stream(start, block, delta, error), new Headers(events))).toEqual({
      type: 'message',
      content: [{ type: 'text', text: 'hello' }],
      error: { type: 'api_error', message: 'cut' },
    })
  })

  test('a JSON answer is recorded as received, and any other as text', () => {
    expect(readAnswer('{"a":1}', new Headers())).toEqual({ a: 1 })
    expect(readAnswer('no', new Headers())).toBe('no')
  })
})
