import { expect, test } from 'vitest'

import { createReport } from '../../../src/anthropic/report.ts'
import { countTokensRequest, parseRequest } from '../../../src/anthropic/request/request.ts'
import { ask, translate } from '../../support/translate.ts'

const target = { preset: 'openai-responses', dialect: 'openai-responses', model: 'gpt-5.6' }

test('a count request omits the fields that only generation needs', () => {
  const { counter } = translate(ask(), target).dialect
  const request = parseRequest(countTokensRequest, {
    model: 'claude-sonnet-4-6',
    system: 'Be brief.',
    messages: [{ role: 'user', content: 'Hello' }],
    tools: [{ name: 'f', input_schema: { type: 'object' } }],
  })
  const counted = counter!.toRequest(request, { report: createReport() })!
  expect(counted.path).toBe('/responses/input_tokens')
  expect(counted.body).toMatchObject({
    model: 'gpt-5.6',
    instructions: 'Be brief.',
    input: [{ type: 'message', role: 'user' }],
    tools: [{ type: 'function', name: 'f' }],
  })
  for (const field of ['max_output_tokens', 'store', 'include', 'stream']) {
    expect(counted.body).not.toHaveProperty(field)
  }
})

test('input_tokens of a count response is read', () => {
  const { counter } = translate(ask(), target).dialect
  expect(counter!.readCount({ object: 'response.input_tokens', input_tokens: 7 })).toBe(7)
  expect(counter!.readCount({ object: 'response.input_tokens' })).toBeUndefined()
})
