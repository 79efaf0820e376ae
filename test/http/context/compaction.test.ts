/** Summaries of conversations instead of Anthropic's servers, with scripted upstreams. */
import { env } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import { conversationOf, textOf } from '../../context/conversation.ts'
import type { Harness, HarnessOptions } from '../../support/app.ts'
import { chatStream, createHarness, delta } from '../../support/app.ts'

const price = { input: 1, output: 10 }
const catalog = {
  version: 1,
  providers: {
    up: { dialect: 'openai-chat', base_url: 'http://up.test/v1', secret: null },
    scribe: { dialect: 'openai-chat', base_url: 'http://scribe.test/v1', secret: null },
    claude: { preset: 'anthropic', base_url: 'http://claude.test' },
  },
  models: [
    { id: 'm', targets: [{ provider: 'up', model: 'u' }], price },
    { id: 'scribe', targets: [{ provider: 'scribe', model: 's' }], price },
    { id: 'claude-x', targets: [{ provider: 'claude', model: 'claude-x' }], price },
  ],
}

const usage = { prompt_tokens: 1000, completion_tokens: 50 }
const summary = 'The user asked for the weather in Rome.'

/** What an upstream was asked: `summary`, or the answer. */
function isSummary(body: unknown): boolean {
  return JSON.stringify(body).includes('<summary>')
}

function say(text: string): Response {
  return chatStream(delta({ content: text }), delta({}, 'stop'), { choices: [], usage })
}

interface Script extends Omit<HarnessOptions, 'upstream'> {
  summarize?: () => Response
}

function gatewayWith({ summarize, ...options }: Script = {}): Promise<Harness> {
  return createHarness({
    catalog,
    ...options,
    upstream: async (request) => {
      if (request.url.includes('claude')) {
        return Response.json({ id: 'msg_1', type: 'message', content: [], usage: {} })
      }
      return isSummary(await request.clone().text())
        ? (summarize?.() ?? say(`<summary>${summary}</summary>`))
        : say('It is sunny.')
    },
  })
}

const question = { role: 'user', content: 'What is the weather in Rome?' }
const json = {
  model: 'm',
  max_tokens: 100,
  messages: [
    ...conversationOf({ result: textOf(300) }),
    { role: 'assistant', content: 'Wait.' },
    question,
  ],
  tools: [{ name: 'search', input_schema: { type: 'object' } }],
}
const compact = {
  type: 'compact_20260112',
  trigger: { type: 'input_tokens', value: 100 },
}
const withEdit = (edit: object) => ({ ...json, context_management: { edits: [edit] } })

interface Message {
  content: { type: string; content?: unknown; signature?: string; text?: string }[]
  stop_reason: string
  usage: { input_tokens: number; iterations?: { type: string; input_tokens: number }[] }
  context_management?: unknown
  error?: { type: string; message: string; details?: { error_code: string } }
}

interface Event {
  type: string
  content_block?: object
  delta?: { type?: string; stop_reason?: string }
}

async function ask(gateway: Harness, body: object): Promise<Message> {
  const response = await gateway.request('/v1/messages', { json: body })
  const message = await response.json<Message>()
  await gateway.settled()
  return message
}

async function stream(gateway: Harness, body: object): Promise<Event[]> {
  const response = await gateway.request('/v1/messages', { json: { ...body, stream: true } })
  const text = await response.text()
  await gateway.settled()
  return [...text.matchAll(/^data: (.*)$/gm)]
    .map(([, data]): Event => JSON.parse(data ?? ''))
    .filter(({ type }) => type !== 'ping')
}

const block = {
  type: 'compaction',
  content: summary,
  encrypted_content: expect.stringMatching(/^gw1\./),
  tool_changes: [],
}

describe('a conversation over the trigger of an edit', () => {
  test('a conversation over the trigger of an edit is summarized by its own model before that answers', async () => {
    const gateway = await gatewayWith()
    const message = await ask(gateway, withEdit(compact))
    expect(message).toMatchObject({
      content: [block, { type: 'text', text: 'It is sunny.' }],
      stop_reason: 'end_turn',
      usage: {
        input_tokens: 1000,
        iterations: [
          { type: 'compaction', input_tokens: 1000, output_tokens: 50 },
          { type: 'message', input_tokens: 1000, output_tokens: 50 },
        ],
      },
      context_management: { applied_edits: [] },
    })
    const [asked, answered] = gateway.sent.map(({ body }) => body as { messages: object[] })
    expect(asked).toMatchObject({ model: 'u', tool_choice: 'none' })
    expect(asked?.messages).toHaveLength(5)
    expect(answered?.messages).toEqual([
      {
        role: 'user',
        content: `Summary of the conversation so far:\n\n${summary}\n\n${question.content}`,
      },
    ])
  })

  test('a conversation over the trigger of an edit is answered with the events that Anthropic sends', async () => {
    const gateway = await gatewayWith()
    const events = await stream(gateway, withEdit(compact))
    expect(events.slice(1, 5)).toMatchObject([
      {
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'compaction', content: null, encrypted_content: null },
      },
      {
        type: 'content_block_delta',
        index: 0,
        delta: {
          type: 'compaction_delta',
          content: summary,
          encrypted_content: block.encrypted_content,
        },
      },
      { type: 'content_block_stop', index: 0 },
      { type: 'content_block_start', index: 1, content_block: { type: 'text' } },
    ])
    expect(events.at(-2)).toMatchObject({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn' },
      context_management: { applied_edits: [] },
      usage: { iterations: [{ type: 'compaction' }, { type: 'message' }] },
    })
  })

  test('a conversation over the trigger of an edit is only summarized where the edit pauses', async () => {
    const gateway = await gatewayWith()
    const message = await ask(gateway, withEdit({ ...compact, pause_after_compaction: true }))
    expect(message).toMatchObject({
      content: [block],
      stop_reason: 'compaction',
      usage: { input_tokens: 0, output_tokens: 0, iterations: [{ type: 'compaction' }] },
    })
    expect(gateway.sent).toHaveLength(1)
  })

  test('a conversation over the trigger of an edit is not summarized again once it begins with the summary', async () => {
    const gateway = await gatewayWith()
    const { content } = await ask(gateway, withEdit(compact))
    const messages = [...json.messages, { role: 'assistant', content }, question]
    const again = await ask(gateway, { ...withEdit(compact), messages })
    expect(again.content).toEqual([{ type: 'text', text: 'It is sunny.' }])
  })

  test('a conversation over the trigger of an edit continues unchanged where no summary could be written, which the answer shows', async () => {
    const gateway = await gatewayWith({ summarize: () => new Response('{}', { status: 500 }) })
    const message = await ask(gateway, withEdit(compact))
    expect(message.content).toEqual([
      { type: 'compaction', content: null, encrypted_content: null },
      { type: 'text', text: 'It is sunny.' },
    ])
    const { body } = gateway.sent.at(-1) ?? {}
    expect(JSON.stringify(body)).toContain('word word')
  })

  test('a conversation over the trigger of an edit has the instructions of the edit in the place of the gateway’s own', async () => {
    const gateway = await gatewayWith()
    await ask(gateway, withEdit({ ...compact, instructions: 'Keep the city.' }))
    const asked = JSON.stringify(gateway.sent[0]?.body)
    expect(asked).toContain('Keep the city.')
    expect(asked).not.toContain('Your context is about to be replaced')
  })

  test('a conversation over the trigger of an edit is summarized by the model that the operator names, or by its own where the key may not use that', async () => {
    const named = { ...catalog, compaction: { model: 'scribe' } }
    const allowed = await gatewayWith({ catalog: named })
    await ask(allowed, withEdit(compact))
    expect(allowed.sent.map(({ url }) => new URL(url).hostname)).toEqual(['scribe.test', 'up.test'])
    const limited = await gatewayWith({ catalog: named, record: { models: ['m'] } })
    await ask(limited, withEdit(compact))
    expect(limited.sent.map(({ url }) => new URL(url).hostname)).toEqual(['up.test', 'up.test'])
  })
})

test('a conversation below the trigger is answered as without the edit', async () => {
  const gateway = await gatewayWith()
  const high = { ...compact, trigger: { type: 'input_tokens', value: 50_000 } }
  const message = await ask(gateway, withEdit(high))
  expect(message).toMatchObject({
    content: [{ type: 'text', text: 'It is sunny.' }],
    context_management: { applied_edits: [] },
  })
  expect(message.usage).not.toHaveProperty('iterations')
})

describe('a compaction on request', () => {
  const summarize = { ...json, compaction: { type: 'summarize' } }

  test('a compaction on request is answered with the signed summary alone, and is not charged beside the model call for it', async () => {
    const gateway = await gatewayWith({
      record: { id: 'compacted1', limits: { budgets: [{ usd: 1, period: 'day' }] } },
      vars: { LEDGER: env.LEDGER },
    })
    const message = await ask(gateway, summarize)
    expect(message).toMatchObject({
      content: [{ ...block, encrypted_content: null, signature: expect.stringMatching(/^gw1\./) }],
      stop_reason: 'compaction',
      usage: { input_tokens: 0, iterations: [{ type: 'compaction', input_tokens: 1000 }] },
    })
    expect(gateway.lines).toMatchObject([
      { purpose: 'compaction', costUsd: 0.0015 },
      { costUsd: 0, status: 200 },
    ])
  })

  test('a compaction on request names the model that wrote it in a header, and streams like any answer', async () => {
    const gateway = await gatewayWith()
    const response = await gateway.request('/v1/messages', { json: summarize })
    expect(response.headers.get('gateway-adapted')).toBe('"compaction";map="m"')
    const events = await stream(gateway, summarize)
    expect(events.map(({ type }) => type)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
  })

  test('a compaction on request can be sent back first, to any model', async () => {
    const gateway = await gatewayWith()
    const { content } = await ask(gateway, summarize)
    const messages = [{ role: 'assistant', content }, question]
    const after = { ...json, messages }
    expect((await ask(gateway, after)).stop_reason).toBe('end_turn')
    await ask(gateway, { ...after, model: 'claude-x' })
    expect(gateway.sent.at(-1)?.body).toMatchObject({
      messages: [
        { role: 'user', content: [{ text: `Summary of the conversation so far:\n\n${summary}` }] },
        question,
      ],
    })
  })

  test('a compaction on request that fails is an error that can be retried', async () => {
    const gateway = await gatewayWith({ summarize: () => say('') })
    const response = await gateway.request('/v1/messages', { json: summarize })
    expect(response.status).toBe(529)
    expect(await response.json<Message>()).toMatchObject({
      error: { type: 'overloaded_error', details: { error_code: 'compaction_unavailable' } },
    })
  })

  test.each([
    ['context_management', { context_management: { edits: [compact] } }],
    ['stop_sequences', { stop_sequences: ['x'] }],
    ['tool_choice', { tool_choice: { type: 'any' } }],
  ])('a compaction on request is refused beside %s', async (path, more) => {
    const gateway = await gatewayWith()
    const { error } = await ask(gateway, { ...summarize, ...more })
    expect(error?.message).toMatch(new RegExp(`^${path}: `))
    expect(gateway.sent).toEqual([])
  })

  test('a compaction on request is refused on a thread with the code on which SDKs send the whole conversation', async () => {
    const gateway = await gatewayWith()
    const { error } = await ask(gateway, { ...summarize, thread: { type: 'create' } })
    expect(error?.details?.error_code).toBe('thread_unsupported_request')
  })

  test('a compaction on request is left to Anthropic’s own servers where they serve the model', async () => {
    const gateway = await gatewayWith()
    await ask(gateway, { ...summarize, model: 'claude-x' })
    expect(gateway.sent[0]?.body).toEqual({ ...summarize, model: 'claude-x' })
  })
})

describe('a request with a compaction that is not as it was returned', () => {
  const call = { type: 'tool_use', id: 'toolu_9', name: 'search', input: {} }

  test.each([
    ['nothing_to_summarize', () => ({ messages: [{ role: 'system', content: 'Be brief.' }] })],
    ['incomplete_turn', () => ({ messages: [question, { role: 'assistant', content: [call] }] })],
    ['signature_invalid', (own: object) => ({ first: { ...own, signature: 'gw1.e30' } })],
    ['content_mismatch', (own: object) => ({ first: { ...own, content: 'Something else.' } })],
    ['tool_changes_mismatch', (own: object) => ({ first: { ...own, tool_changes: [{}] } })],
    [
      'block_misplaced',
      (own: object) => ({ messages: [question, { role: 'assistant', content: [own] }] }),
    ],
    [
      'block_ambiguous',
      (own: object) => ({ messages: [{ role: 'assistant', content: [own, own] }, question] }),
    ],
  ])(
    'a request with a compaction that was changed is rejected with the code compaction_%s',
    async (code, change) => {
      const gateway = await gatewayWith()
      const summarize = { ...json, compaction: { type: 'summarize' } }
      const { content } = await ask(gateway, summarize)
      const { first, messages }: { first?: object; messages?: object[] } = change(content[0] ?? {})
      const sent = messages ?? [{ role: 'assistant', content: [first] }, question]
      const { error } = await ask(gateway, { ...summarize, messages: sent })
      expect(error).toMatchObject({
        type: 'invalid_request_error',
        details: { error_code: `compaction_${code}` },
      })
    },
  )
})
