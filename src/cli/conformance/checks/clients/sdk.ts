/** Anthropic's official SDK for TypeScript, as applications use it. */
import Anthropic, { AuthenticationError, BadRequestError, NotFoundError } from '@anthropic-ai/sdk'

import { defineSubject } from '../../check.ts'
import type { Endpoint } from '../../endpoint/endpoint.ts'
import { need, partial, partialUnless } from '../../finding.ts'
import { recall, say, use } from '../../material/prompts.ts'

/** A client whose requests count as those of the check. */
function clientOf({ access, evidence }: Endpoint, apiKey = access.key): Anthropic {
  return new Anthropic({
    baseURL: access.url,
    apiKey,
    maxRetries: 0,
    timeout: access.timeoutMs,
    fetch: (url, init) => {
      evidence.requests += 1
      return access.fetch(url, init)
    },
  })
}

function request(content: string, { access }: Endpoint): Anthropic.MessageCreateParamsNonStreaming {
  return { model: access.model, max_tokens: 2000, messages: [{ role: 'user', content }] }
}

const tool: Anthropic.Tool = {
  name: 'get_weather',
  description: 'Takes a city.',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}

/** The error that a call throws; fails if it throws none. */
async function errorOf(call: PromiseLike<unknown>): Promise<unknown> {
  const [outcome] = await Promise.allSettled([call])
  need(outcome.status === 'rejected', 'the SDK throws no error')
  return outcome.reason
}

const subject = { name: 'sdk', title: 'Official SDK' }

/** Checks through Anthropic's official SDK. */
export const sdk = defineSubject(subject, {
  create: {
    title: 'reads a message, and the request id',
    run: async (endpoint) => {
      const message = await clientOf(endpoint).messages.create(request(say('PELICAN'), endpoint))
      const text = message.content.flatMap((block) => (block.type === 'text' ? [block.text] : []))
      need(text.join('').includes('PELICAN'), 'the answer is not the requested text')
      return message._request_id === null || message._request_id === undefined
        ? partial('no request id')
        : undefined
    },
  },
  stream: {
    title: 'accumulates a stream',
    run: async (endpoint) => {
      const stream = clientOf(endpoint).messages.stream(request(say('PELICAN'), endpoint))
      const message = await stream.finalMessage()
      need((await stream.finalText()).includes('PELICAN'), 'the text is another')
      need(message.usage.output_tokens > 0, 'the usage is 0')
    },
  },
  tools: {
    title: 'accumulates a streamed tool call, and answers its result',
    run: async (endpoint) => {
      const client = clientOf(endpoint)
      const params = { ...request(use('get_weather', { city: 'Oslo' }), endpoint), tools: [tool] }
      const { content } = await client.messages.stream(params).finalMessage()
      const call = content.find((block) => block.type === 'tool_use')
      need(call !== undefined, 'the tool is not called')
      need(JSON.stringify(call.input).includes('Oslo'), 'the input is another')
      const message = await client.messages.create({
        ...params,
        messages: [
          ...params.messages,
          { role: 'assistant', content },
          {
            role: 'user',
            content: [
              { type: 'tool_result', tool_use_id: call.id, content: 'The code word is WREN.' },
              { type: 'text', text: recall },
            ],
          },
        ],
      })
      need(JSON.stringify(message.content).includes('WREN'), 'the model does not know the result')
    },
    tokens: { input: 400, output: 150 },
  },
  errors: {
    title: 'throws the class of each error',
    run: async (endpoint) => {
      const client = clientOf(endpoint)
      const params = request('Hi', endpoint)
      const bad = await errorOf(client.messages.create({ ...params, messages: [] }))
      need(bad instanceof BadRequestError, 'an invalid request is no BadRequestError')
      const denied = await errorOf(clientOf(endpoint, 'sk-not-a-key').messages.create(params))
      need(denied instanceof AuthenticationError, 'an invalid key is no AuthenticationError')
      const missing = await errorOf(client.messages.create({ ...params, model: 'no-such-model-7' }))
      return partialUnless(missing instanceof NotFoundError, 'an unknown model is no NotFoundError')
    },
    tokens: { input: 0, output: 0 },
  },
  models: {
    title: 'pages through the models',
    mayRefuse: true,
    run: async (endpoint) => {
      const ids: string[] = []
      for await (const { id } of clientOf(endpoint).models.list({ limit: 2 })) {
        ids.push(id)
        need(ids.length < 5000, 'the pages do not end')
      }
      need(ids.length > 0, 'the list is empty')
      return partialUnless(new Set(ids).size === ids.length, 'models are repeated')
    },
    tokens: { input: 0, output: 0 },
  },
  count: {
    title: 'counts tokens',
    run: async (endpoint) => {
      const { model, messages } = request('Hello there', endpoint)
      const { input_tokens: count } = await clientOf(endpoint).messages.countTokens({
        model,
        messages,
      })
      need(count > 0, 'the count is 0')
    },
    tokens: { input: 0, output: 0 },
  },
})
