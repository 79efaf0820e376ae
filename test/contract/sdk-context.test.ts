/** The official SDK's tool runner with edits of the context, compaction and an advisor, and its stream with a fallback. */
import Anthropic from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'

import type { Harness } from '../support/app.ts'
import { chatStream, createHarness, delta, key } from '../support/app.ts'

const model = (id: string, provider: string) => ({ id, targets: [{ provider, model: id }] })
const provider = (name: string) => ({
  dialect: 'openai-chat',
  base_url: `http://${name}.test/v1`,
  secret: null,
})
const catalog = {
  version: 1,
  providers: { up: provider('up'), other: provider('other') },
  models: [model('m', 'up'), model('m2', 'other')],
}

const usage = { prompt_tokens: 1000, completion_tokens: 20 }

function call(number: number): Response {
  const called = {
    index: 0,
    id: `call_${number}`,
    type: 'function',
    function: { name: 'look', arguments: `{"place":"${number}"}` },
  }
  return chatStream(delta({ tool_calls: [called] }), delta({}, 'tool_calls'), {
    choices: [],
    usage,
  })
}

function say(text: string): Response {
  return chatStream(delta({ content: text }), delta({}, 'stop'), { choices: [], usage })
}

/** A model that looks three times, and then answers; it summarizes when it is asked to. */
async function createModel(): Promise<Harness> {
  let turns = 0
  return createHarness({
    catalog,
    upstream: async (request) => {
      if (request.url.includes('other')) {
        return say('From the other.')
      }
      if ((await request.text()).includes('<summary>')) {
        return say('<summary>We looked.</summary>')
      }
      turns += 1
      return turns <= 3 ? call(turns) : say('All seen.')
    },
  })
}

function connect(harness: Harness): Anthropic {
  return new Anthropic({
    apiKey: key,
    baseURL: 'http://gateway.test',
    maxRetries: 0,
    fetch: (url: unknown, init: unknown) => {
      const { pathname, search } = new URL(String(url))
      return harness.request(pathname + search, { ...(init as RequestInit), key: '' })
    },
  })
}

const look = {
  name: 'look',
  type: 'custom' as const,
  input_schema: { type: 'object' as const, properties: { place: { type: 'string' } } },
  parse: (input: unknown) => input as { place: string },
  run: ({ place }: { place: string }) => `Seen ${place}. ${'Long. '.repeat(100)}`,
}

const question = {
  model: 'm',
  max_tokens: 500,
  messages: [{ role: 'user' as const, content: 'Look around.' }],
}

const clearing = {
  type: 'clear_tool_uses_20250919' as const,
  trigger: { type: 'tool_uses' as const, value: 1 },
  keep: { type: 'tool_uses' as const, value: 1 },
}

test.each([true, false])(
  'the tool runner runs with edits of the context, streamed: %s',
  async (stream) => {
    const harness = await createModel()
    const runner = connect(harness).beta.messages.toolRunner({
      ...question,
      stream,
      tools: [look],
      betas: ['context-management-2025-06-27'],
      context_management: { edits: [clearing] },
    })
    const message = await runner.runUntilDone()
    expect(message.content).toMatchObject([{ type: 'text', text: 'All seen.' }])
    expect(message.context_management?.applied_edits).toMatchObject([
      { type: 'clear_tool_uses_20250919', cleared_tool_uses: 2 },
    ])
    const sent = JSON.stringify(harness.sent.at(-1)?.body)
    expect(sent).not.toContain('Seen 1.')
    expect(sent).toContain('Seen 3.')
  },
)

test.each([true, false])(
  'the tool runner compacts a conversation on request, streamed: %s',
  async (stream) => {
    const harness = await createModel()
    const runner = connect(harness).beta.messages.toolRunner({
      ...question,
      stream,
      tools: [look],
      betas: ['compact-2026-09-04'],
    })
    runner.compactBeforeNextTurn()
    const message = await runner.runUntilDone()
    expect(message.content).toMatchObject([{ type: 'text', text: 'All seen.' }])
    expect(runner.params.messages[0]).toMatchObject({
      role: 'assistant',
      content: [{ type: 'compaction', content: 'We looked.' }],
    })
    expect(JSON.stringify(harness.sent.at(-1)?.body)).toContain('We looked.')
  },
)

test('the tool runner continues after a compaction that an edit has triggered', async () => {
  const harness = await createModel()
  const trigger = { type: 'input_tokens' as const, value: 50 }
  const runner = connect(harness).beta.messages.toolRunner({
    ...question,
    tools: [look],
    betas: ['compact-2026-01-12'],
    context_management: { edits: [{ type: 'compact_20260112', trigger }] },
  })
  const message = await runner.runUntilDone()
  expect(message.content.slice(-1)).toMatchObject([{ type: 'text', text: 'All seen.' }])
  expect(JSON.stringify(runner.params.messages)).toContain('"type":"compaction"')
})

test('a stream with a fallback accumulates to a message of the model that served it', async () => {
  const harness = await createHarness({
    catalog,
    upstream: ({ url }) =>
      url.includes('other')
        ? say('From the other.')
        : chatStream(delta({}, 'content_filter'), { choices: [], usage }),
  })
  const message = await connect(harness)
    .beta.messages.stream({
      ...question,
      fallbacks: [{ model: 'm2' }],
      betas: ['server-side-fallback-2026-07-01'],
    })
    .finalMessage()
  expect(message).toMatchObject({
    model: 'm2',
    content: [{ type: 'fallback' }, { type: 'text', text: 'From the other.' }],
    usage: { iterations: [{ type: 'message' }, { type: 'fallback_message', model: 'm2' }] },
  })
})

test.each([true, false])(
  'the tool runner goes on after its model has asked an advisor, streamed: %s',
  async (stream) => {
    let turns = 0
    const asked = { index: 0, id: 'call_a', function: { name: 'advisor', arguments: '{}' } }
    const harness = await createHarness({
      catalog,
      upstream: ({ url }) => {
        if (url.includes('other')) {
          return say('Look twice.')
        }
        turns += 1
        return turns === 1
          ? chatStream(delta({ tool_calls: [asked] }), delta({}, 'tool_calls'), {
              choices: [],
              usage,
            })
          : turns === 2
            ? call(1)
            : say('All seen.')
      },
    })
    const runner = connect(harness).beta.messages.toolRunner({
      ...question,
      stream,
      tools: [look, { type: 'advisor_20260301', name: 'advisor', model: 'm2' }],
      betas: ['advisor-tool-2026-03-01'],
    })
    const message = await runner.runUntilDone()
    expect(message.content).toMatchObject([{ type: 'text', text: 'All seen.' }])
    expect(runner.params.messages[1]).toMatchObject({
      content: [
        { type: 'server_tool_use', name: 'advisor' },
        { type: 'advisor_tool_result', content: { text: 'Look twice.' } },
        { type: 'tool_use', name: 'look' },
      ],
    })
    expect(JSON.stringify(harness.sent.at(-1)?.body)).toContain('Look twice.')
  },
)
