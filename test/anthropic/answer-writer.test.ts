import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { AnswerWriter } from '../../src/anthropic/answer/answer-writer.ts'
import { foldMessage } from '../../src/anthropic/answer/fold.ts'
import type { Part } from '../../src/anthropic/answer/part.ts'
import {
  content,
  input,
  options,
  signature,
  stop,
  text,
  thinking,
  tool,
  write,
} from './written-parts.ts'

describe('the answer writer', () => {
  test('the answer writer writes text as one block with deltas, and usage in the last event', () => {
    expect(write({ type: 'start' }, text('a'), text('b'), stop)).toEqual([
      {
        type: 'message_start',
        message: {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'm',
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: {
            input_tokens: 7,
            output_tokens: 1,
            cache_creation_input_tokens: 0,
            cache_read_input_tokens: 0,
          },
        },
      },
      { type: 'ping' },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'b' } },
      { type: 'content_block_stop', index: 0 },
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: {
          input_tokens: 1,
          output_tokens: 2,
          cache_creation_input_tokens: 4,
          cache_read_input_tokens: 3,
          output_tokens_details: { thinking_tokens: 1 },
        },
      },
      { type: 'message_stop' },
    ])
  })

  test('the answer writer closes a thinking block with its signature before the text begins', () => {
    expect(content(thinking('hm'), signature('s'), text('yes'), stop)).toEqual([
      { type: 'thinking', thinking: 'hm', signature: 's' },
      { type: 'text', text: 'yes' },
    ])
  })

  test('the answer writer gives a thinking block an empty signature where the upstream had none', () => {
    expect(content(thinking('hm'), text('yes'), stop)[0]).toEqual({
      type: 'thinking',
      thinking: 'hm',
      signature: '',
    })
  })

  test('the answer writer does not split text by reasoning that arrives after it', () => {
    expect(content(text('a'), thinking('x'), text('b'), thinking('y'), tool(0), stop)).toEqual([
      { type: 'text', text: 'ab' },
      { type: 'thinking', thinking: 'xy', signature: '' },
      { type: 'tool_use', id: 'toolu_0', name: 't0', input: {} },
    ])
  })

  test('the answer writer drops reasoning at the end of the answer, which clients would take for the answer', () => {
    expect(content(text('a'), thinking('x'), signature('s'), stop)).toEqual([
      { type: 'text', text: 'a' },
    ])
  })

  test('the answer writer writes late reasoning before the tool call that it led to', () => {
    expect(content(text('a'), thinking('x'), signature('s'), tool(0), stop)).toEqual([
      { type: 'text', text: 'a' },
      { type: 'thinking', thinking: 'x', signature: 's' },
      { type: 'tool_use', id: 'toolu_0', name: 't0', input: {} },
    ])
  })

  test('the answer writer writes interleaved tool calls one after the other', () => {
    const parts = [tool(0), tool(1), input(1, '{"b":'), input(0, '{"a":1}'), input(1, '2}'), stop]
    expect(content(...parts)).toEqual([
      { type: 'tool_use', id: 'toolu_0', name: 't0', input: { a: 1 } },
      { type: 'tool_use', id: 'toolu_1', name: 't1', input: { b: 2 } },
    ])
  })

  test('the answer writer streams a tool call as soon as the one before it is complete', () => {
    const events = write(tool(0), input(0, '{}'), tool(1), { type: 'tool-end', call: 0 })
    expect(events.at(-1)).toEqual({
      type: 'content_block_start',
      index: 1,
      content_block: { type: 'tool_use', id: 'toolu_1', name: 't1', input: {} },
    })
  })

  test('the answer writer writes text that arrives within a tool call after that call', () => {
    expect(content(tool(0), text('x'), input(0, '{"a":1}'), text('y'), stop)).toEqual([
      { type: 'tool_use', id: 'toolu_0', name: 't0', input: { a: 1 } },
      { type: 'text', text: 'xy' },
    ])
  })

  test.each([
    ['end_turn', true, 'tool_use'],
    ['tool_use', false, 'end_turn'],
    ['max_tokens', true, 'max_tokens'],
    ['refusal', false, 'refusal'],
  ] as const)(
    'the answer writer ends the stop reason %s, tool calls: %s, as %s',
    (reason, hasTools, settled) => {
      const events = write(...(hasTools ? [tool(0)] : [text('a')]), { type: 'stop', reason })
      expect(foldMessage(events).stop_reason).toBe(settled)
    },
  )

  test('the answer writer writes one empty text block for an empty completion', () => {
    expect(content({ type: 'start' }, stop)).toEqual([{ type: 'text', text: '' }])
  })

  test('the answer writer keeps what the upstream has counted, and starts nothing with it', () => {
    const usage = { input: 640, output: 1, cacheRead: 0, cacheWrite: 0, thinking: 0 }
    const writer = new AnswerWriter(options)
    writer.write([{ type: 'usage', usage }])
    expect([writer.hasStarted, writer.takeEvents()]).toEqual([false, []])
    writer.write([{ type: 'start' }, text('12345678'), { type: 'usage', usage }, text('9')])
    expect(writer.delivered()).toEqual({ usage, characters: 9, countedCharacters: 8 })
  })

  test('the answer writer forgets what an upstream had counted when another one begins', () => {
    const usage = { input: 640, output: 1, cacheRead: 0, cacheWrite: 0, thinking: 0 }
    const writer = new AnswerWriter(options)
    writer.write([{ type: 'usage', usage }])
    writer.restart()
    expect(writer.delivered().usage).toBeUndefined()
  })

  test('the answer writer sends an estimate in place of a number that no count can be', () => {
    const usage = { input: -1, output: 3e18, cacheRead: 0, cacheWrite: 0, thinking: 4 }
    const message = foldMessage(
      write(text('12345678'), { type: 'stop', reason: 'end_turn', usage }),
    )
    expect(message.usage).toMatchObject({
      input_tokens: 7,
      output_tokens: 2,
      output_tokens_details: { thinking_tokens: 0 },
    })
  })

  test('the answer writer estimates usage if the upstream reported none', () => {
    const message = foldMessage(write(text('12345678'), { type: 'stop', reason: 'end_turn' }))
    expect([message.usage.input_tokens, message.usage.output_tokens]).toEqual([7, 2])
  })

  test('the answer writer names a stop sequence only if one matched', () => {
    const stopped = foldMessage(
      write(text('a'), { type: 'stop', reason: 'stop_sequence', sequence: 'END' }),
    )
    expect([stopped.stop_reason, stopped.stop_sequence]).toEqual(['stop_sequence', 'END'])
  })

  test('the answer writer ends a refusal with its explanation in stop_details', () => {
    const refused = foldMessage(write({ type: 'stop', reason: 'refusal', explanation: 'no' }))
    expect(refused.stop_details).toEqual({ type: 'refusal', category: null, explanation: 'no' })
  })

  test('the answer writer ends a failed stream with an error event and does not complete the open tool call', () => {
    const events = write(tool(0), input(0, '{"a'), {
      type: 'failure',
      failure: { kind: 'upstream_truncated', provider: 'p' },
    })
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['content_block_delta', 'error'])
  })

  test('the answer writer ignores parts after the stop part', () => {
    expect(write(stop, text('a'))).toEqual(write(stop))
  })

  test('the answer writer shows tool arguments that are not JSON rather than inventing some', () => {
    expect(content(tool(0), input(0, '{"a":'), stop)[0]).toMatchObject({
      input: { INVALID_JSON: '{"a":' },
    })
  })
})

describe('thinking that arrives after text', () => {
  const end: Part = { type: 'text-end' }
  const kinds = (...parts: Part[]) => content(...parts).map(({ type }) => type)

  test('thinking that arrives after text is written before the tool call that it led to', () => {
    expect(kinds(text('a'), end, thinking('t'), signature('s'), text('b'), stop)).toEqual([
      'text',
      'thinking',
      'text',
    ])
    expect(kinds(text('a'), end, thinking('t'), tool(0), input(0, '{}'), stop)).toEqual([
      'text',
      'thinking',
      'tool_use',
    ])
  })

  test('thinking that arrives after text is dropped where nothing follows it, since clients take the last block for the answer', () => {
    expect(kinds(text('a'), end, thinking('t'), signature('s'), stop)).toEqual(['text'])
    expect(kinds(text('a'), thinking('t'), end, stop)).toEqual(['text'])
    expect(kinds(tool(0), text('a'), thinking('t'), { type: 'tool-end', call: 0 }, stop)).toEqual([
      'tool_use',
      'text',
    ])
  })
})

/** What dialects may push: calls are announced before their arguments. */
const anyParts = fc
  .array(
    fc.oneof(
      fc.string().map(text),
      fc.string().map(thinking),
      fc.string().map(signature),
      fc.constant<Part>({ type: 'text-end' }),
      fc.record({ call: fc.nat(3), json: fc.string() }).map(({ call, json }) => input(call, json)),
      fc.nat(3).map((call): Part => ({ type: 'tool-end', call })),
    ),
    { maxLength: 30 },
  )
  .map((parts) => {
    const seen = new Set<number>()
    const done = new Set<number>()
    return parts.flatMap((part): Part[] => {
      if (part.type !== 'tool-delta' && part.type !== 'tool-end') {
        return [part]
      }
      if (done.has(part.call)) {
        return []
      }
      const start = seen.has(part.call) ? [] : [tool(part.call)]
      seen.add(part.call)
      if (part.type === 'tool-end') {
        done.add(part.call)
      }
      return [...start, part]
    })
  })

test('any sequence of parts gives a well-formed stream that contains all text and arguments', () => {
  fc.assert(
    fc.property(anyParts, (parts) => {
      const events = write(...parts, stop)
      const types = events.map(({ type }) => type).filter((type) => type !== 'ping')
      expect(types.join(' ')).toMatch(
        /^message_start( content_block_start( content_block_delta)* content_block_stop)* message_delta message_stop$/,
      )
      const starts = events.filter((event) => event.type === 'content_block_start')
      expect(starts.map(({ index }) => index)).toEqual(starts.map((_, index) => index))
      const told_ = (type: string) =>
        parts.map((part) => (part.type === type && 'text' in part ? part.text : '')).join('')
      const { content: blocks } = foldMessage(events)
      expect(blocks.map((block) => (block.type === 'text' ? block.text : '')).join('')).toBe(
        told_('text-delta'),
      )
      const thought = blocks.map((block) => (block.type === 'thinking' ? block.thinking : ''))
      expect(told_('thinking-delta').startsWith(thought.join(''))).toBe(true)
      const kinds = blocks.map(({ type }) => type).join(' ')
      expect(kinds).not.toMatch(/text( thinking)+$/)
      const calls = events.filter(
        (event) => event.type === 'content_block_start' && event.content_block.type === 'tool_use',
      )
      expect(calls.length).toBe(parts.filter(({ type }) => type === 'tool-start').length)
    }),
  )
})

describe('the output tokens of an answer', () => {
  const outputOf = (...parts: Part[]) => {
    const writer = new AnswerWriter({ ...options, maxTokens: 32 })
    writer.write(parts)
    return foldMessage(writer.takeEvents()).usage.output_tokens
  }
  const truncated: Part = { type: 'stop', reason: 'max_tokens' }
  const counted = (output: number) => ({
    input: 1,
    output,
    cacheRead: 0,
    cacheWrite: 0,
    thinking: 0,
  })

  test('the output tokens of an answer are estimated at max_tokens at most, where the upstream reported none', () => {
    expect(outputOf(text('x'.repeat(40)), truncated)).toBe(10)
    expect(outputOf(text('x'.repeat(196)), truncated)).toBe(32)
  })

  test('the output tokens of an answer include no estimate beyond max_tokens for what came after a report', () => {
    const usage: Part = { type: 'usage', usage: counted(20) }
    expect(outputOf(text('x'), usage, text('x'.repeat(196)), truncated)).toBe(32)
  })

  test('the output tokens of an answer are those that the upstream counted, even beyond max_tokens', () => {
    expect(outputOf(text('x'), { ...truncated, usage: counted(49) })).toBe(49)
  })
})
