import { expect, test } from 'vitest'

import { serveDemo } from '../../src/demo/server.ts'

const user = (text: string): object => ({ role: 'user', parts: [{ text }] })

async function post(method: string, body: object): Promise<Response> {
  const url = `http://demo.invalid/v1beta/models/demo:${method}`
  return serveDemo(new Request(url, { method: 'POST', body: JSON.stringify(body) }))
}

interface Reply {
  candidates: { content: { parts: object[] }; finishReason?: string }[]
  usageMetadata?: Record<string, number>
}

async function generate(body: object): Promise<Reply> {
  const response = await post('generateContent', body)
  return response.json<Reply>()
}

const tools = [
  {
    functionDeclarations: [
      {
        name: 'weather',
        parametersJsonSchema: {
          type: 'object',
          properties: { city: { type: 'string' } },
          required: ['city'],
        },
      },
    ],
  },
]
const ask = 'Use the weather tool with this input: {"city":"Paris"}'

test('the Gemini demo answers with the text that the message asks for', async () => {
  const { candidates, usageMetadata } = await generate({
    contents: [user('Reply with exactly: pong')],
  })
  expect(candidates).toEqual([
    { index: 0, content: { role: 'model', parts: [{ text: 'pong' }] }, finishReason: 'STOP' },
  ])
  expect(usageMetadata).toMatchObject({ candidatesTokenCount: 1, thoughtsTokenCount: 0 })
})

test('the Gemini demo streams thinking first and then deltas that concatenate to the answer', async () => {
  const response = await post('streamGenerateContent?alt=sse', {
    contents: [user('Reply with exactly: one two three')],
    generationConfig: { thinkingConfig: { includeThoughts: true } },
  })
  const chunks = (await response.text())
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event): Reply => JSON.parse(event.replace('data: ', '')))
  const parts = chunks
    .flatMap(({ candidates }) => candidates.flatMap(({ content }) => content.parts))
    .map((part) => part as { text: string; thought?: true })
  const answer = parts.map(({ thought, text }) => (thought ? '' : text)).join('')
  expect(answer).toBe('one two three')
  expect(parts[0]?.thought).toBe(true)
  expect(chunks.at(-1)?.candidates[0]?.finishReason).toBe('STOP')
})

test('the Gemini demo calls a tool and then answers with its result', async () => {
  const first = await generate({ contents: [user(ask)], tools })
  const [call] = first.candidates[0]!.content.parts
  expect(call).toMatchObject({ functionCall: { name: 'weather', args: { city: 'Paris' } } })
  const response = { name: 'weather', response: { output: 'Sunny.' } }
  const second = await generate({
    tools,
    contents: [
      user(ask),
      { role: 'model', parts: [call] },
      { role: 'user', parts: [{ functionResponse: response }] },
    ],
  })
  expect(second.candidates[0]?.content.parts).toEqual([{ text: 'Sunny.' }])
})

test('the Gemini demo calls a forced tool and answers in a schema', async () => {
  const forced = await generate({
    contents: [user('Hello')],
    tools,
    toolConfig: {
      functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['weather'] },
    },
  })
  expect(forced.candidates[0]?.content.parts).toMatchObject([{ functionCall: { name: 'weather' } }])
  const responseJsonSchema = tools[0]?.functionDeclarations[0]?.parametersJsonSchema
  const shaped = await generate({
    contents: [user('Hello')],
    generationConfig: { responseMimeType: 'application/json', responseJsonSchema },
  })
  expect(shaped.candidates[0]?.content.parts).toEqual([{ text: '{"city":"text"}' }])
})

test('the Gemini demo stops at the token limit and counts tokens', async () => {
  const contents = [user('Reply with exactly: a long answer of many words')]
  const { candidates } = await generate({ contents, generationConfig: { maxOutputTokens: 2 } })
  expect(candidates[0]?.finishReason).toBe('MAX_TOKENS')
  const counted = await post('countTokens', { contents })
  expect(await counted.json()).toEqual({ totalTokens: expect.any(Number) })
})

test('the Gemini demo rejects invalid bodies and unknown methods', async () => {
  expect((await post('generateContent', { contents: 'x' })).status).toBe(400)
  expect((await post('embedContent', { contents: [user('x')] })).status).toBe(404)
})
