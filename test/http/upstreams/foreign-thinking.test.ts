/** Reasoning with a foreign signature: the conversation continues without it. */
import { describe, expect, test } from 'vitest'

import { toSignature } from '../../../src/anthropic/signature.ts'
import type { HarnessOptions } from '../../support/app.ts'
import { createHarness } from '../../support/app.ts'

const catalog = {
  version: 1,
  providers: {
    r: { dialect: 'openai-responses', base_url: 'http://responses.test/v1', secret: null },
    claude: { preset: 'anthropic', base_url: 'http://claude.test' },
  },
  models: [
    { id: 'r', targets: [{ provider: 'r', model: 'up' }] },
    { id: 'claude-x', targets: [{ provider: 'claude', model: 'claude-x' }] },
  ],
}

const item = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'STATE' }
const portable = toSignature({
  d: 'openai-responses',
  p: 'r',
  m: 'up',
  f: 'reasoning',
  s: { item },
})

/** A conversation whose last reasoning has that signature. */
function conversation(model: string, signature: string) {
  return {
    model,
    max_tokens: 2000,
    thinking: { type: 'adaptive' },
    messages: [
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm', signature },
          { type: 'text', text: 'Yes?' },
        ],
      },
      { role: 'user', content: 'Go on' },
    ],
  }
}

/** Refuses bodies with a state in them. */
function refusing(refusal: object, answer: object): NonNullable<HarnessOptions['upstream']> {
  return async (request) => {
    const isRefused = (await request.text()).includes('STATE')
    return Response.json(isRefused ? refusal : answer, { status: isRefused ? 400 : 200 })
  }
}

const openAi = refusing(
  {
    error: {
      message: 'The encrypted content STATE could not be verified. Reason: it is not ours.',
      type: 'invalid_request_error',
      code: 'invalid_encrypted_content',
    },
  },
  {
    id: 'resp_1',
    status: 'completed',
    output: [
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Well' }] },
    ],
    usage: { input_tokens: 3, output_tokens: 1, total_tokens: 4 },
  },
)

const anthropicError = {
  type: 'error',
  error: {
    type: 'invalid_request_error',
    message: 'messages.1.content.0: Invalid `signature` in `thinking` block',
  },
}
const anthropicMessage = {
  id: 'msg_up',
  type: 'message',
  role: 'assistant',
  model: 'claude-x',
  content: [{ type: 'text', text: 'Well' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 1 },
}

describe('reasoning that the upstream rejects', () => {
  test('reasoning that the upstream rejects is omitted and reported for a translated upstream', async () => {
    const { request, sent } = await createHarness({ catalog, upstream: openAi })
    const response = await request('/v1/messages', { json: conversation('r', portable) })
    expect(response.status).toBe(200)
    expect(response.headers.get('gateway-adapted')).toContain('"messages.thinking";drop')
    expect(await response.json()).toMatchObject({ content: [{ type: 'text', text: 'Well' }] })
    expect(sent.map(({ body }) => JSON.stringify(body).includes('STATE'))).toEqual([true, false])
    expect(JSON.stringify(sent[1]?.body)).toContain('Yes?')
  })

  test('reasoning that the upstream rejects is omitted for Anthropic itself, with thinking turned off', async () => {
    const upstream = refusing(anthropicError, anthropicMessage)
    const { request, sent } = await createHarness({ catalog, upstream })
    const response = await request('/v1/messages', { json: conversation('claude-x', 'STATE') })
    expect(response.status).toBe(200)
    expect(response.headers.get('gateway-adapted')).toBe(
      '"messages.thinking";drop, "thinking";drop',
    )
    expect(await response.json()).toMatchObject({ id: 'msg_up' })
    const { messages } = conversation('claude-x', 'STATE')
    const content = [{ type: 'text', text: 'Yes?' }]
    expect(sent[1]?.body).toEqual({
      model: 'claude-x',
      max_tokens: 2000,
      messages: [messages[0], { role: 'assistant', content }, messages[2]],
    })
  })

  test('reasoning that the upstream rejects is omitted if the rejection is the first event of a stream', async () => {
    const { request, sent } = await createHarness({
      upstream: async (asked) => {
        const isRefused = (await asked.text()).includes('STATE')
        const event = isRefused
          ? `event: error\ndata: ${JSON.stringify(anthropicError)}\n\n`
          : [
              { type: 'message_start', message: { ...anthropicMessage, content: [] } },
              { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
              { type: 'content_block_stop', index: 0 },
              { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: {} },
              { type: 'message_stop' },
            ]
              .map((data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`)
              .join('')
        return new Response(event, { headers: { 'content-type': 'text/event-stream' } })
      },
    })
    const json = { ...conversation('claude-x', 'STATE'), stream: true }
    const response = await request('/v1/messages', { json })
    expect(response.headers.get('gateway-adapted')).toContain('"messages.thinking";drop')
    expect(await response.text()).toContain('message_stop')
    expect(sent.map(({ body }) => JSON.stringify(body).includes('STATE'))).toEqual([true, false])
  })

  test('reasoning that the upstream rejects is an error in strict mode', async () => {
    const upstream = refusing(anthropicError, anthropicMessage)
    const { request, sent } = await createHarness({ catalog, upstream })
    const json = conversation('claude-x', 'STATE')
    const response = await request('/v1/messages', { json, headers: { 'gateway-strict': '?1' } })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('messages.thinking, thinking: not supported by')
    expect(sent).toHaveLength(1)
  })

  test('reasoning that the upstream rejects is kept if the rejection has another reason, which is passed on as received', async () => {
    const upstream = () => Response.json(anthropicError, { status: 400 })
    const { request, sent } = await createHarness({ catalog, upstream })
    const json = {
      ...conversation('claude-x', 'STATE'),
      messages: [{ role: 'user', content: 'Hi' }],
    }
    const response = await request('/v1/messages', { json })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual(anthropicError)
    expect(sent).toHaveLength(1)
  })
})
