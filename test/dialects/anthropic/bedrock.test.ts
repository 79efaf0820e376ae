import { describe, expect, test } from 'vitest'

import { forwarding as dialect } from '../../../src/dialects/anthropic/hosts/bedrock.ts'

const target = { provider: 'aws', model: 'm', limits: {}, takes: {} }

function body(json: object, betas: string[] = []) {
  const text = JSON.stringify(json)
  return { text, json: JSON.parse(text), betas }
}

const chunk = (event: object) => ({
  event: 'chunk',
  data: JSON.stringify({ bytes: Buffer.from(JSON.stringify(event)).toString('base64'), p: 'abc' }),
})

describe('a Claude request to InvokeModel', () => {
  test.each([
    [true, '/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ax%2Fy/invoke-with-response-stream'],
    [false, '/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ax%2Fy/invoke'],
  ])(
    'a Claude request to InvokeModel has the model in its path, with stream %s',
    (stream, path) => {
      expect(dialect.path('messages', 'arn:aws:bedrock:us-east-1:1:x/y', { stream })).toBe(path)
    },
  )

  test('a Claude request to InvokeModel has version and betas in its body, and neither model nor stream', () => {
    const json = { model: 'c', stream: true, max_tokens: 5, messages: [], anthropic_beta: ['x'] }
    expect(JSON.parse(dialect.toBody(body(json, ['a', 'b']), 'm', 'messages'))).toEqual({
      anthropic_version: 'bedrock-2023-05-31',
      anthropic_beta: ['a', 'b'],
      max_tokens: 5,
      messages: [],
    })
  })

  test('a Claude request to InvokeModel has no anthropic_beta if the client sent no betas', () => {
    expect(dialect.toBody(body({ messages: [] }), 'm', 'messages')).toBe(
      '{"anthropic_version":"bedrock-2023-05-31","messages":[]}',
    )
  })

  test('a Claude request to InvokeModel is answered with events as received', () => {
    const event = {
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: 'é' },
    }
    expect(dialect.fromFrame!(chunk(event), target)).toBe(
      `event: content_block_delta\ndata: ${JSON.stringify(event)}\n\n`,
    )
  })

  test.each([
    [{ type: 'message_stop', 'amazon-bedrock-invocationMetrics': { inputTokenCount: 1 } }],
    [{ 'amazon-bedrock-invocationMetrics': { inputTokenCount: 1 }, type: 'message_stop' }],
    [{ type: 'message_stop', 'amazon-bedrock-invocationMetrics': {}, more: 1 }],
  ])('a Claude request to InvokeModel is answered without Bedrock’s metrics: %j', (event) => {
    const { 'amazon-bedrock-invocationMetrics': _, ...rest } = event
    expect(dialect.fromFrame!(chunk(event), target)).toBe(
      `event: message_stop\ndata: ${JSON.stringify(rest)}\n\n`,
    )
  })

  test('a Claude request to InvokeModel is answered with an Anthropic error for an exception', () => {
    const data = JSON.stringify({ message: 'Slow down.', __type: 'throttlingException' })
    expect(dialect.fromFrame!({ event: 'error', data }, target)).toBe(
      'event: error\ndata: {"type":"error","error":{"type":"rate_limit_error","message":"aws: Slow down."}}\n\n',
    )
  })

  test('a Claude request to InvokeModel is answered with nothing for a frame without an event', () => {
    expect(dialect.fromFrame!({ event: 'chunk', data: '{}' }, target)).toBe('')
  })
})
