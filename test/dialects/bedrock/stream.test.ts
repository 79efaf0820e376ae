import { describe, expect, test } from 'vitest'

import type { Part } from '../../../src/anthropic/answer/part.ts'
import { readSignature } from '../../../src/anthropic/signature.ts'
import { bedrock } from '../../../src/dialects/bedrock/index.ts'
import { loaded } from '../../support/loaded.ts'

const dialect = loaded(
  bedrock.bind({ provider: 'aws', model: 'us.anthropic.claude-x', limits: {}, takes: {} }, []),
)

function context() {
  let ids = 0
  return { toolNames: new Map([['short', 'long']]), newToolId: () => `toolu_${ids++}` }
}

function read(...events: [string, object][]): Part[] {
  const parts: Part[] = []
  const reader = dialect.createReader(context())
  for (const [event, data] of events) {
    parts.push(...reader.read({ event, data: JSON.stringify(data) }))
  }
  parts.push(...reader.end())
  return parts
}

const start: [string, object] = ['messageStart', { role: 'assistant' }]
const text = (value: string): [string, object] => [
  'contentBlockDelta',
  { contentBlockIndex: 0, delta: { text: value } },
]
const reasoning = (value: object): [string, object] => [
  'contentBlockDelta',
  { delta: { reasoningContent: value } },
]
const end: [string, object] = ['contentBlockStop', { contentBlockIndex: 0 }]
const stop = (stopReason: string, more: object = {}): [string, object] => [
  'messageStop',
  { stopReason, ...more },
]

describe('a Converse stream', () => {
  test('a Converse stream counts cached tokens separately, as Bedrock does', () => {
    const usage = {
      inputTokens: 5,
      outputTokens: 7,
      cacheReadInputTokens: 100,
      cacheWriteInputTokens: 20,
      cacheDetails: [
        { ttl: '1h', inputTokens: 15 },
        { ttl: '5m', inputTokens: 5 },
      ],
    }
    const counted = {
      input: 5,
      output: 7,
      thinking: 0,
      cacheRead: 100,
      cacheWrite: 20,
      cacheWrite1h: 15,
      terms: { service_tier: 'flex' },
    }
    const metadata = { usage, serviceTier: { type: 'flex' } }
    expect(read(start, text('Hi'), end, stop('end_turn'), ['metadata', metadata])).toEqual([
      { type: 'start' },
      { type: 'text-delta', text: 'Hi' },
      { type: 'usage', usage: counted },
      { type: 'stop', reason: 'end_turn', usage: counted },
    ])
  })

  test('a Converse stream has its usage before a failure where metadata comes without a stop reason', () => {
    const usage = { inputTokens: 900, outputTokens: 3 }
    expect(read(start, text('Hi'), ['metadata', { usage }])).toMatchObject([
      { type: 'start' },
      { type: 'text-delta' },
      { type: 'usage', usage: { input: 900, output: 3 } },
      { type: 'failure', failure: { kind: 'upstream_truncated' } },
    ])
  })

  test('a Converse stream gives tool calls gateway ids and the client’s names', () => {
    const toolUse = { toolUseId: 'tooluse_1', name: 'short' }
    expect(
      read(
        start,
        ['contentBlockStart', { start: { toolUse } }],
        ['contentBlockDelta', { delta: { toolUse: { input: '{"a"' } } }],
        ['contentBlockDelta', { delta: { toolUse: { input: ':1}' } } }],
        end,
        stop('tool_use'),
      ).slice(1),
    ).toEqual([
      { type: 'tool-start', call: 0, id: 'toolu_0', name: 'long' },
      { type: 'tool-delta', call: 0, json: '{"a"' },
      { type: 'tool-delta', call: 0, json: ':1}' },
      { type: 'tool-end', call: 0 },
      { type: 'stop', reason: 'tool_use' },
    ])
  })

  test('a Converse stream has reasoning whose signature contains what Bedrock needs back', () => {
    const parts = read(
      start,
      reasoning({ text: 'Hm' }),
      reasoning({ text: '.' }),
      reasoning({ signature: 'c2ln' }),
      end,
      reasoning({ redactedContent: 'cmVk' }),
      end,
      stop('end_turn'),
    )
    const signatures = parts.flatMap((part) => (part.type === 'signature' ? part.signature : []))
    expect(signatures.map((signature) => readSignature(signature))).toMatchObject([
      { d: 'bedrock', p: 'aws', f: 'reasoningText', s: { signature: 'c2ln' } },
      { d: 'bedrock', p: 'aws', f: 'redactedContent', s: { redacted: 'cmVk' } },
    ])
  })

  test('a Converse stream starts no empty block', () => {
    expect(read(start, text(''), text('\n'), end, text(' Hi'), end, stop('end_turn'))).toEqual([
      { type: 'start' },
      { type: 'text-delta', text: ' Hi' },
      { type: 'stop', reason: 'end_turn' },
    ])
  })

  test('a Converse stream names the stop sequence that matched', () => {
    const more = { additionalModelResponseFields: { stop_sequence: 'END' } }
    expect(read(start, stop('stop_sequence', more)).at(-1)).toEqual({
      type: 'stop',
      reason: 'stop_sequence',
      sequence: 'END',
    })
  })

  test.each([
    ['guardrail_intervened', 'refusal'],
    ['content_filtered', 'refusal'],
    ['model_context_window_exceeded', 'model_context_window_exceeded'],
    ['something_new', 'end_turn'],
  ])('a Converse stream with stopReason %s has stop_reason %s', (word, reason) => {
    expect(read(start, stop(word)).at(-1)).toEqual({ type: 'stop', reason })
  })

  test('a Converse stream that ends without usable content is a failure', () => {
    expect(read(start, stop('malformed_tool_use')).at(-1)).toMatchObject({
      type: 'failure',
      failure: { kind: 'upstream_error', status: 502 },
    })
  })

  test('a Converse stream without a stop reason is truncated', () => {
    expect(read(start, text('Hi'), end).at(-1)).toEqual({
      type: 'failure',
      failure: { kind: 'upstream_truncated', provider: 'aws' },
    })
  })

  test.each([
    ['throttlingException', 'Too many tokens, please wait before trying again.', 429],
    ['serviceUnavailableException', 'Bedrock is unable to process your request.', 529],
    ['modelStreamErrorException', 'The model failed.', 502],
    ['internalServerException', 'The system encountered an error.', 500],
    ['modelTimeoutException', 'The model took too long.', 504],
    ['validationException', 'Malformed input request.', 400],
  ])('a Converse stream with exception %s is an error of that status', (type, message, status) => {
    const parts = read(start, text('Hi'), ['error', { message, __type: type }], text('more'))
    expect(parts.at(-1)).toMatchObject({
      type: 'failure',
      failure: { status, message: `aws: ${message}` },
    })
    expect(parts.filter((part) => part.type === 'failure' || part.type === 'stop')).toHaveLength(1)
  })

  test('a Converse stream with an event that is no object is an invalid response', () => {
    expect(read(start, ['contentBlockDelta', []]).at(-1)).toMatchObject({
      failure: { kind: 'upstream_invalid_response' },
    })
  })
})

describe('a non-streaming Converse response', () => {
  test('a non-streaming Converse response without a message is an invalid response', () => {
    expect(dialect.readReply({ output: {} }, context())).toMatchObject([
      { type: 'failure', failure: { kind: 'upstream_invalid_response' } },
    ])
  })
})

describe('reasoning from Converse', () => {
  const signatures = (parts: readonly Part[]) =>
    parts.flatMap((part) => (part.type === 'signature' ? [readSignature(part.signature)?.s] : []))

  test('reasoning from Converse without visible text keeps its signature', () => {
    const parts = read(start, reasoning({ signature: 'SIG' }), end, text('Hi'), stop('end_turn'))
    expect(signatures(parts)).toEqual([{ signature: 'SIG' }])
  })

  test('reasoning from Converse that is redacted is concatenated as bytes, since each delta is base64 of its own', () => {
    const deltas = ['QUI=', 'Q0Q='].map((redactedContent) => reasoning({ redactedContent }))
    expect(signatures(read(start, ...deltas, end, text('Hi'), stop('end_turn')))).toEqual([
      { redacted: 'QUJDRA==' },
    ])
  })

  test('reasoning from Converse after the text of a non-streaming response comes first in the answer', () => {
    const content = [{ text: 'Hi' }, { reasoningContent: { reasoningText: { text: 'Hm' } } }]
    const body = { output: { message: { role: 'assistant', content } }, stopReason: 'end_turn' }
    const types = dialect.readReply(body, context()).map(({ type }) => type)
    expect(types).toEqual(['start', 'thinking-delta', 'signature', 'text-delta', 'stop'])
  })
})

test('usage of Converse may arrive in a later metadata event', () => {
  const usage = { inputTokens: 5, outputTokens: 7 }
  const metrics: [string, object] = ['metadata', { metrics: { latencyMs: 1 } }]
  const parts = read(start, text('Hi'), end, stop('end_turn'), metrics, ['metadata', { usage }])
  expect(parts.at(-1)).toMatchObject({ usage: { input: 5, output: 7 } })
})

test('an exception of Converse may contain the original status and message', () => {
  const parts = read(['error', { originalStatusCode: 429, originalMessage: 'Too many requests' }])
  expect(parts).toMatchObject([
    { failure: { type: 'rate_limit_error', message: 'aws: Too many requests' } },
  ])
})

test.each([
  ['generation_failed', { type: 'failure' }],
  ['max_output_reached', { type: 'stop', reason: 'max_tokens' }],
  ['safety_intervened', { type: 'stop', reason: 'refusal' }],
  ['done', { type: 'stop', reason: 'end_turn' }],
])('an unknown stop reason of Converse is classified by its wording: %s', (reason, expected) => {
  expect(read(start, text('Hi'), end, stop(reason)).at(-1)).toMatchObject(expected)
})
