/** Token counts: before a request, in its answer, and of cached prompts. */
import type { JsonObject } from '../../../../anthropic/json.ts'
import { asCount } from '../../../../anthropic/json.ts'
import { defineSubject } from '../../check.ts'
import type { Usage } from '../../endpoint/answer.ts'
import type { Endpoint } from '../../endpoint/endpoint.ts'
import { accepted } from '../../endpoint/reply.ts'
import type { Finding } from '../../finding.ts'
import { need, partial, partialUnless } from '../../finding.ts'
import { filler, say, user } from '../../material/prompts.ts'
import { clock, weather } from '../../material/tools.ts'

const path = '/v1/messages/count_tokens'

/** Relative errors of a count that are full and partial. */
const [close, rough] = [0.05, 0.25]

/** Anthropic caches prompts from 4,096 tokens on with every model. */
const cacheable = 5000

async function count(endpoint: Endpoint, fields: JsonObject): Promise<number> {
  const { model } = endpoint.access
  const { json } = accepted(await endpoint.post(path, { model, ...fields }))
  const tokens = asCount(json?.['input_tokens'])
  need(tokens !== undefined && tokens > 0, 'there is no input_tokens above 0')
  return tokens
}

/** Compares a count with the usage of an answer to the same request. */
async function compare(endpoint: Endpoint, fields: JsonObject): Promise<Finding | undefined> {
  const counted = await count(endpoint, fields)
  const { usage } = await endpoint.ask(fields)
  const used = promptOf(usage)
  need(used > 0, 'the answer counts no input tokens')
  const error = Math.abs(counted - used) / used
  need(error <= rough, `${counted} counted, ${used} used`)
  return partialUnless(error <= close, `off by ${Math.round(error * 100)} %`)
}

function promptOf({ input, cacheRead = 0, cacheWrite = 0 }: Usage): number {
  return input + cacheRead + cacheWrite
}

const subject = { name: 'tokens', title: 'Token counts and caching' }

/** Checks of token counts and prompt caching. */
export const tokens = defineSubject(subject, {
  'count-text': {
    title: 'counts the tokens of a text within 5 % of the usage',
    mayRefuse: true,
    run: (endpoint) => compare(endpoint, { messages: [user(`${filler(1500)}\n${say('OK')}`)] }),
    tokens: { input: 2500, output: 50 },
  },
  'count-tools': {
    title: 'counts the tokens of system prompt and tools within 5 % of the usage',
    mayRefuse: true,
    run: (endpoint) =>
      compare(endpoint, {
        system: filler(1500),
        tools: [weather, clock],
        messages: [user(say('OK'))],
      }),
    tokens: { input: 2500, output: 50 },
  },
  'count-grows': {
    title: 'counts messages, system prompt and tools',
    mayRefuse: true,
    run: async (endpoint) => {
      const messages = [user('Hi')]
      const least = await count(endpoint, { messages })
      const parts = {
        system: filler(50),
        tools: [weather],
        messages: [...messages, user('Hello there')],
      }
      for (const [name, value] of Object.entries(parts)) {
        const more = await count(endpoint, { messages, [name]: value })
        need(more > least, `${name} adds nothing to the count`)
      }
    },
    tokens: { input: 0, output: 0 },
  },
  'count-error': {
    title: 'rejects a count for an unknown model',
    run: async (endpoint) => {
      const reply = await endpoint.post(path, {
        model: 'no-such-model-7',
        messages: [user('Hi')],
      })
      need(reply.status >= 400 && reply.status < 500, `the status is ${reply.status}`)
      return partialUnless(reply.status === 404, `${reply.status} instead of 404`)
    },
    tokens: { input: 0, output: 0 },
  },
  'cache-fields': {
    title: 'counts tokens that a cache wrote and read, in Anthropic’s fields',
    run: async (endpoint) => {
      const { usage } = await endpoint.ask({ messages: [user(say('OK'))] })
      need(usage.cacheRead !== undefined, 'usage has no cache_read_input_tokens')
      return usage.cacheWrite === undefined ? partial('no cache_creation_input_tokens') : undefined
    },
  },
  'cache-read': {
    title: 'reads a prompt from the cache the second time, and counts it apart',
    about: ['system'],
    run: async (endpoint) => {
      const seed = `Document ${crypto.randomUUID()}.`
      const cache_control = { type: 'ephemeral' }
      const system = [{ type: 'text', text: filler(cacheable, seed), cache_control }]
      const fields = { system, messages: [user(say('OK'))] }
      const first = await endpoint.ask(fields)
      const { usage } = await endpoint.ask(fields)
      need(usage.input <= promptOf(first.usage), 'cached tokens are counted twice')
      return partialUnless((usage.cacheRead ?? 0) > 0, 'nothing was read from a cache')
    },
    tokens: { input: 16_000, output: 100 },
  },
  'cache-control': {
    title: 'accepts cache_control on tools, system prompt and messages',
    run: async (endpoint) => {
      const cache_control = { type: 'ephemeral', ttl: '1h' }
      const { text } = await endpoint.ask({
        tools: [{ ...weather, cache_control }],
        system: [{ type: 'text', text: 'Be brief.', cache_control }],
        messages: [user({ type: 'text', text: say('PELICAN'), cache_control })],
      })
      need(text.includes('PELICAN'), 'the answer is not the requested text')
    },
  },
})
