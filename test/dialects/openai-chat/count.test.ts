import { expect, test } from 'vitest'

import { createReport } from '../../../src/anthropic/report.ts'
import { countTokensRequest, parseRequest } from '../../../src/anthropic/request/request.ts'
import { translate, ask } from '../../support/translate.ts'

const asked = {
  model: 'claude-sonnet-4-6',
  system: [{ type: 'text', text: 'Be brief.' }],
  messages: [
    { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
    { role: 'user', content: [{ type: 'novelty', depth: 1 }] },
  ],
  tools: [{ name: 'f', input_schema: { type: 'object' } }],
}

function counterOf(preset: string | undefined) {
  const { dialect } = translate(ask(), preset === undefined ? {} : { preset })
  return dialect.counter!
}

function count(preset?: string): object | undefined {
  const request = parseRequest(countTokensRequest, asked)
  const counted = counterOf(preset).toRequest(request, { report: createReport() })
  return counted && { path: counted.path, fields: Object.keys(counted.body) }
}

test('llama.cpp counts the tokens of the translated request', () => {
  expect(count('llamacpp')).toEqual({
    path: '/chat/completions/input_tokens',
    fields: expect.arrayContaining(['model', 'messages', 'tools']),
  })
})

test('vLLM counts messages and tools by /tokenize, next to its /v1 path', () => {
  expect(count('vllm')).toEqual({ path: '/../tokenize', fields: ['model', 'messages', 'tools'] })
  expect(new URL('http://h:8000/v1/../tokenize').pathname).toBe('/tokenize')
})

test('SGLang counts the tokens of the client’s own request', () => {
  const request = parseRequest(countTokensRequest, asked)
  const counted = counterOf('sglang').toRequest(request, { report: createReport() })
  expect(counted).toMatchObject({
    path: '/messages/count_tokens',
    body: { ...asked, model: 'model-1' },
  })
})

test('other chat servers cannot count tokens', () => {
  expect(count()).toBeUndefined()
  expect(count('groq')).toBeUndefined()
})

test.each([
  [{ input_tokens: 12 }, 12],
  [{ count: 12, tokens: [1], max_model_len: 8192 }, 12],
  [{ tokens: [1] }, undefined],
  ['nonsense', undefined],
])('a token count is read from %j', (answer, expected) => {
  expect(counterOf('vllm').readCount(answer)).toBe(expected)
})
