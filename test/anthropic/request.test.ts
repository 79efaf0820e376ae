import { describe, expect, test } from 'vitest'

import { GatewayError } from '../../src/anthropic/error.ts'
import {
  messagesRequest,
  parseRequest,
  unknownFields,
} from '../../src/anthropic/request/request.ts'

const body = { model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] }
const withContent = (...content: unknown[]) => ({ ...body, messages: [{ role: 'user', content }] })

function refusal(value: unknown): string {
  try {
    parseRequest(messagesRequest, value)
  } catch (error) {
    if (error instanceof GatewayError && error.failure.kind === 'invalid_request') {
      return error.failure.message
    }
    throw error
  }
  return 'accepted'
}

describe('an invalid body is rejected with Anthropic’s message', () => {
  test.each([
    [{ ...body, max_tokens: undefined }, 'max_tokens: Field required'],
    [{ ...body, messages: undefined }, 'messages: Field required'],
    [{ ...body, model: undefined }, 'model: Field required'],
    [{ ...body, model: 5 }, 'model: Input should be a valid string'],
    [{ ...body, max_tokens: 1.5 }, 'max_tokens: Input should be a valid integer'],
    [{ ...body, max_tokens: '5' }, 'max_tokens: Input should be a valid integer'],
    [{ ...body, max_tokens: -1 }, 'max_tokens: Input should be greater than or equal to 0'],
    [{ ...body, messages: 'hi' }, 'messages: Input should be a valid list'],
    [
      { ...body, messages: [{ role: 'bot', content: 'x' }] },
      "messages.0.role: Input should be 'user', 'assistant' or 'system'",
    ],
    [{ ...body, messages: [{ role: 'user' }] }, 'messages.0.content: Field required'],
    [withContent({ type: 'text' }), 'messages.0.content.0.text.text: Field required'],
    [withContent({}), 'messages.0.content.0.type: Field required'],
    [
      withContent({ type: 'image', source: { type: 'base64', media_type: 'image/png' } }),
      'messages.0.content.0.image.source.base64.data: Field required',
    ],
    [
      withContent({ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text' }] }),
      'messages.0.content.0.tool_result.content.0.text.text: Field required',
    ],
    [
      withContent({ type: 'tool_result', tool_use_id: 'a b' }),
      "messages.0.content.0.tool_result.tool_use_id: String should match pattern '^[a-zA-Z0-9_-]+$'",
    ],
    [{ ...body, tools: [{ name: 'x' }] }, 'tools.0.custom.input_schema: Field required'],
    [
      { ...body, output_config: { effort: 'huge' } },
      "output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'",
    ],
    [[], 'Input should be a valid dictionary'],
  ])('an invalid body is rejected with Anthropic’s message: %j → %s', (value, message) => {
    expect(refusal(value)).toBe(message)
  })
})

describe('a valid body', () => {
  test('a valid body may have blocks of unknown types, which are kept as received', () => {
    const { messages } = parseRequest(messagesRequest, withContent({ type: 'new', x: 1 }))
    expect(messages[0]?.content).toEqual([{ type: 'other', raw: { type: 'new', x: 1 } }])
  })

  test('a valid body may have block types named like members of Object.prototype', () => {
    expect(refusal(withContent({ type: 'constructor' }))).toBe('accepted')
  })

  test('a valid body may have null for every optional field', () => {
    expect(refusal({ ...body, system: null, tools: null, thinking: null, temperature: null })).toBe(
      'accepted',
    )
  })

  test('a valid body may have Anthropic-defined tools, which have a type and no schema', () => {
    const { tools } = parseRequest(messagesRequest, {
      ...body,
      tools: [{ type: 'bash_20250124', name: 'bash' }],
    })
    expect(tools).toEqual([
      {
        anthropic: {
          type: 'bash_20250124',
          name: 'bash',
          raw: { type: 'bash_20250124', name: 'bash' },
        },
      },
    ])
  })

  test('a valid body may have unknown fields, which are listed', () => {
    expect(unknownFields({ ...body, safeguards: {}, zebra: 1 })).toEqual(['safeguards', 'zebra'])
  })
})

describe('a list with many invalid elements', () => {
  test('a list with many invalid elements is parsed up to the first invalid element, and only that issue is kept', () => {
    const messages = Array.from({ length: 100_000 }, () => 0)
    const { error } = messagesRequest.safeParse({ model: 'm', max_tokens: 1, messages })
    expect(error?.issues).toMatchObject([{ path: ['messages', 0], expected: 'object' }])
  })

  test('a list with many invalid elements inside a message is reported with the path of the first one', () => {
    const content = [{ type: 'text', text: 'a' }, { type: 'text' }, { type: 'text' }]
    expect(refusal(withContent(...content))).toBe('messages.0.content.1.text.text: Field required')
  })
})

test('fields named like members of Object.prototype are unknown fields', () => {
  const parsed: object = JSON.parse('{"constructor":1,"__proto__":2,"toString":3,"model":"m"}')
  expect(unknownFields(parsed)).toEqual(['constructor', '__proto__', 'toString'])
})
