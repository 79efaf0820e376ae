import { expect, test } from 'vitest'

import { createReport } from '../../../src/anthropic/report.ts'
import { countTokensRequest, parseRequest } from '../../../src/anthropic/request/request.ts'
import { gemini } from '../../../src/dialects/gemini/index.ts'
import { loaded } from '../../support/loaded.ts'

const request = parseRequest(countTokensRequest, {
  model: 'claude-sonnet-4-6',
  system: 'Be brief.',
  messages: [{ role: 'user', content: 'Hello' }],
  tools: [{ name: 'f', input_schema: { type: 'object' } }],
})

function count(quirks: object) {
  const dialect = loaded(
    gemini.bind({ provider: 'g', model: 'gemini-3-flash', limits: {}, takes: {} }, [quirks]),
  )
  const { path, body } = dialect.counter!.toRequest(request, { report: createReport() })!
  return { path, body }
}

const prompt = {
  systemInstruction: { parts: [{ text: 'Be brief.' }] },
  contents: [{ role: 'user', parts: [{ text: 'Hello' }] }],
  tools: [{ functionDeclarations: [{ name: 'f' }] }],
}

test('countTokens of the Gemini API wraps the request in generateContentRequest', () => {
  expect(count({})).toEqual({
    path: '/models/gemini-3-flash:countTokens',
    body: { generateContentRequest: { model: 'models/gemini-3-flash', ...prompt } },
  })
})

test('countTokens of Vertex AI takes the request itself', () => {
  const quirks = { count_body: 'plain', model_path: '/publishers/google/models/' }
  expect(count(quirks)).toEqual({
    path: '/publishers/google/models/gemini-3-flash:countTokens',
    body: prompt,
  })
})

test('totalTokens is read if the response has it', () => {
  const { counter } = loaded(gemini.bind({ provider: 'g', model: 'm', limits: {}, takes: {} }, []))
  expect(counter?.readCount({ totalTokens: 31, promptTokensDetails: [] })).toBe(31)
  expect(counter?.readCount({ error: { code: 404 } })).toBe(undefined)
  expect(counter?.readCount('no')).toBe(undefined)
})
