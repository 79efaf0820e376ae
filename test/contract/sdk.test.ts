import Anthropic1 from '@anthropic-ai/sdk'
import Anthropic0 from '@anthropic-ai/sdk-0'
import { describe, expect, test } from 'vitest'

import type { Harness } from '../support/app.ts'
import { chatStream, createHarness, delta, key } from '../support/app.ts'

const question = {
  model: 'm',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'hi' }],
}
const usage = { prompt_tokens: 10, completion_tokens: 3 }
const call = { index: 0, id: 'call_1', function: { name: 'get', arguments: '{"city":' } }
const turn = () =>
  chatStream(
    delta({ reasoning_content: 'hm' }),
    delta({ content: 'Let me ' }),
    delta({ content: 'look.' }),
    delta({ tool_calls: [call] }),
    delta({ tool_calls: [{ index: 0, function: { arguments: '"Paris"}' } }] }),
    delta({}, 'tool_calls'),
    { choices: [], usage },
  )

describe.each([
  ['1.x', Anthropic1],
  ['0.x', Anthropic0 as unknown as typeof Anthropic1],
])('the official SDK %s', (_, Anthropic) => {
  const connect = (harness: Harness) =>
    new Anthropic({
      apiKey: key,
      baseURL: 'http://gateway.test',
      maxRetries: 0,
      fetch: (url: unknown, init: unknown) => {
        const { pathname, search } = new URL(String(url))
        return harness.request(pathname + search, { ...(init as RequestInit), key: '' })
      },
    })

  test('the official SDK accumulates a stream of thinking, text and a tool call', async () => {
    const client = connect(await createHarness({ upstream: turn }))
    const message = await client.messages.stream(question).finalMessage()
    expect(message.content).toMatchObject([
      { type: 'thinking', thinking: 'hm' },
      { type: 'text', text: 'Let me look.' },
      { type: 'tool_use', name: 'get', input: { city: 'Paris' } },
    ])
    expect(message.stop_reason).toBe('tool_use')
    expect(message.usage).toMatchObject({ input_tokens: 10, output_tokens: 3 })
  })

  test('the official SDK gets the same message without streaming as from a stream', async () => {
    const client = connect(await createHarness({ upstream: turn }))
    const { content: streamed } = await client.messages.stream(question).finalMessage()
    const { content: plain } = await client.messages.create(question)
    expect(plain.map(({ type }) => type)).toEqual(streamed.map(({ type }) => type))
    expect(plain[1]).toMatchObject({ text: 'Let me look.' })
    expect(plain[2]).toMatchObject({ input: { city: 'Paris' } })
  })

  test('the official SDK throws for a truncated stream', async () => {
    const client = connect(
      await createHarness({
        upstream: () => new Response('data: {"choices":[{"delta":{"content":"he"}}]}\n\n'),
      }),
    )
    await expect(client.messages.stream(question).finalMessage()).rejects.toMatchObject({
      type: 'api_error',
    })
  })

  test.each([
    [{ model: 'nope' }, 'NotFoundError', 404, 'not_found_error'],
    [{ messages: [] }, 'BadRequestError', 400, 'invalid_request_error'],
  ] as const)(
    'the official SDK throws the right class for %j',
    async (change, name, status, type) => {
      const client = connect(await createHarness())
      const error = await client.messages
        .create({ ...question, ...change, messages: 'messages' in change ? [] : question.messages })
        .catch((caught: unknown) => caught)
      expect(error).toBeInstanceOf(Anthropic[name])
      expect(error).toMatchObject({ status, type })
      expect((error as { requestID: string }).requestID).toMatch(/^req_/)
    },
  )

  test('the official SDK throws an AuthenticationError for a wrong key', async () => {
    const harness = await createHarness()
    const client = new Anthropic({
      apiKey: 'wrong',
      baseURL: 'http://gateway.test',
      fetch: (url: unknown, init: unknown) =>
        harness.request(new URL(String(url)).pathname, { ...(init as RequestInit), key: '' }),
    })
    await expect(client.messages.create(question)).rejects.toBeInstanceOf(
      Anthropic.AuthenticationError,
    )
  })

  test('the official SDK counts tokens and lists models', async () => {
    const client = connect(await createHarness())
    const { input_tokens } = await client.messages.countTokens({
      model: 'm',
      messages: question.messages,
    })
    expect(input_tokens).toBeGreaterThan(0)
    const ids: string[] = []
    for await (const { id } of client.models.list({ limit: 1 })) {
      ids.push(id)
    }
    expect(ids.toSorted()).toEqual(['claude-renamed', 'claude-x', 'm'])
    expect(await client.models.retrieve('m')).toMatchObject({ id: 'm', type: 'model' })
  })
})
