import { describe, expect, test } from 'vitest'

import { forwarding } from '../../../src/dialects/anthropic/hosts/vertex.ts'

const model = 'claude-sonnet-4-5@20250929'
const { path, toBody } = forwarding

function encode(text: string) {
  return { text, json: JSON.parse(text) }
}

test.each([
  [{}, 'messages', `/publishers/anthropic/models/${model}:rawPredict`],
  [{ stream: true }, 'messages', `/publishers/anthropic/models/${model}:streamRawPredict`],
  [{ stream: false }, 'messages', `/publishers/anthropic/models/${model}:rawPredict`],
  [{ stream: true }, 'count_tokens', '/publishers/anthropic/models/count-tokens:rawPredict'],
] as const)('the Vertex AI request %j for %s has the URL %s', (body, endpoint, expected) => {
  expect(path(endpoint, model, body)).toBe(expected)
})

describe('a Claude body for Vertex AI', () => {
  test('a Claude body for Vertex AI has anthropic_version in place of the model, and no other byte is changed', () => {
    const text =
      '{ "max_tokens" : 1.0, "model" : "claude-x", "messages":[{"model":"kept \\u0041"}]}'
    expect(toBody(encode(text), model, 'messages')).toBe(
      '{ "max_tokens" : 1.0, "anthropic_version":"vertex-2023-10-16", "messages":[{"model":"kept \\u0041"}]}',
    )
  })

  test('a Claude body for Vertex AI contains the model when it counts tokens', () => {
    expect(toBody(encode('{"model":"claude-x","messages":[]}'), model, 'count_tokens')).toBe(
      `{"anthropic_version":"vertex-2023-10-16","model":"${model}","messages":[]}`,
    )
  })

  test('a Claude body for Vertex AI has one anthropic_version even if the client sent one', () => {
    const text = '{"model":"claude-x","anthropic_version":"bedrock-2023-05-31","max_tokens":1}'
    expect(JSON.parse(toBody(encode(text), model, 'messages'))).toEqual({
      anthropic_version: 'vertex-2023-10-16',
      max_tokens: 1,
    })
  })
})
