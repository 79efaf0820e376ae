/** Errors: status, envelope, wording that clients act on, and whether a retry makes sense. */
import { asCount } from '../../../../anthropic/json.ts'
import { defineSubject } from '../../check.ts'
import type { Endpoint } from '../../endpoint/endpoint.ts'
import type { Reply } from '../../endpoint/reply.ts'
import { errorOf } from '../../endpoint/reply.ts'
import type { Finding } from '../../finding.ts'
import { need, partial, partialUnless, skipped } from '../../finding.ts'
import { filler, say, user } from '../../material/prompts.ts'

/** The longest prompt that is sent to provoke an overflow, in tokens of the model. */
const maxOverflow = 1_100_000

const valid = { messages: [user(say('PELICAN'))] }

/** Expects an error of a status and type; another 4xx in the envelope is `partial`. */
function findingOf(reply: Reply, status: number, type: string): Finding | undefined {
  const error = errorOf(reply.json)
  need(reply.status >= 400 && reply.status < 500, `the status is ${reply.status}`)
  need(error !== undefined, `${reply.status} without an error in the envelope`)
  return partialUnless(
    reply.status === status && error.type === type,
    `${reply.status} ${error.type} instead of ${status} ${type}`,
  )
}

/** Expects a 400 whose message names something. */
function needNamed(reply: Reply, name: string): Finding | undefined {
  const finding = findingOf(reply, 400, 'invalid_request_error')
  const isNamed = errorOf(reply.json)?.message.includes(name) === true
  return finding ?? partialUnless(isNamed, `the message does not name ${name}`)
}

/** Expects that the reply asks the client not to retry. */
function needFinal(finding: Finding | undefined, { headers }: Reply): Finding | undefined {
  const isFinal = headers.get('x-should-retry') === 'false'
  return finding ?? partialUnless(isFinal, 'no x-should-retry: false: clients retry it')
}

async function contextOf(endpoint: Endpoint): Promise<number | undefined> {
  const { json } = await endpoint.send(`/v1/models/${encodeURIComponent(endpoint.access.model)}`)
  return asCount(json?.['max_input_tokens'])
}

const subject = { name: 'errors', title: 'Errors', tokens: { input: 0, output: 0 } }

/** Checks of errors for invalid requests. */
export const errors = defineSubject(subject, {
  'no-key': {
    title: 'answers 401 without a key, and says that a retry is useless',
    run: async (endpoint) => {
      const { model } = endpoint.access
      const body = JSON.stringify({ model, max_tokens: 10, ...valid })
      const headers = { 'x-api-key': undefined }
      const reply = await endpoint.send('/v1/messages', { method: 'POST', body, headers })
      return needFinal(findingOf(reply, 401, 'authentication_error'), reply)
    },
  },
  'bad-key': {
    title: 'answers 401 to an invalid key, and says that a retry is useless',
    run: async (endpoint) => {
      const reply = await endpoint.try(valid, { 'x-api-key': 'sk-not-a-key' })
      return needFinal(findingOf(reply, 401, 'authentication_error'), reply)
    },
  },
  'bad-json': {
    title: 'answers 400 to a body that is not JSON',
    run: async (endpoint) => {
      const reply = await endpoint.send('/v1/messages', { method: 'POST', body: '{"model": ' })
      return findingOf(reply, 400, 'invalid_request_error')
    },
  },
  'missing-messages': {
    title: 'answers 400 that names messages where they are missing',
    run: async (endpoint) => needNamed(await endpoint.try({}), 'messages'),
  },
  'missing-max-tokens': {
    title: 'answers 400 that names max_tokens where it is missing',
    run: async (endpoint) => {
      const { model } = endpoint.access
      const reply = await endpoint.post('/v1/messages', { model, ...valid })
      return reply.status === 200 ? partial('answered') : needNamed(reply, 'max_tokens')
    },
    tokens: { input: 30, output: 20 },
  },
  'empty-messages': {
    title: 'answers 400 to an empty list of messages',
    run: async (endpoint) => needNamed(await endpoint.try({ messages: [] }), 'messages'),
  },
  'bad-role': {
    title: 'answers 400 to a role that does not exist',
    run: async (endpoint) => {
      const reply = await endpoint.try({ messages: [{ role: 'robot', content: 'Hi' }] })
      return needNamed(reply, 'role')
    },
  },
  'bad-block': {
    title: 'answers 400 that names the path of a block of an unknown type',
    about: ['messages'],
    run: async (endpoint) =>
      needNamed(await endpoint.try({ messages: [user({ type: 'hologram' })] }), 'messages.0'),
  },
  'bad-tool': {
    title: 'answers 400 that names the path of a tool without a schema',
    run: async (endpoint) =>
      needNamed(await endpoint.try({ ...valid, tools: [{ name: 'a' }] }), 'tools'),
  },
  'unknown-model': {
    title: 'answers 404 to an unknown model, names it, and says that a retry is useless',
    run: async (endpoint) => {
      const reply = await endpoint.try({ ...valid, model: 'no-such-model-7' })
      const finding = findingOf(reply, 404, 'not_found_error')
      const isNamed = errorOf(reply.json)?.message.includes('no-such-model-7') === true
      return finding ?? partialUnless(isNamed, 'the message does not name the model')
    },
  },
  'unknown-path': {
    title: 'answers 404 in the envelope to an unknown path',
    run: async (endpoint) => findingOf(await endpoint.send('/v1/nothing'), 404, 'not_found_error'),
  },
  method: {
    title: 'answers a wrong method with an error in the envelope',
    run: async (endpoint) => {
      const reply = await endpoint.send('/v1/messages', { method: 'DELETE' })
      need(reply.status === 405 || reply.status === 404, `the status is ${reply.status}`)
      need(errorOf(reply.json) !== undefined, `${reply.status} without an error in the envelope`)
    },
  },
  'too-long': {
    title: 'answers 400 “prompt is too long” to a prompt above the context window',
    run: async (endpoint) => {
      const window = await contextOf(endpoint)
      if (window === undefined || window > maxOverflow) {
        return skipped('the context window is not known from /v1/models, or too large to exceed')
      }
      const messages = [user(filler(Math.ceil(window * 1.3)))]
      const reply = await endpoint.try({ max_tokens: 10, messages })
      const finding = findingOf(reply, 400, 'invalid_request_error')
      // Claude Code compacts the conversation at these words.
      const isWorded = errorOf(reply.json)?.message.includes('prompt is too long') === true
      return finding ?? partialUnless(isWorded, 'in other words')
    },
  },
  'request-id': {
    title: 'has the same request id in header and body of an error',
    run: async (endpoint) => {
      const { headers, json } = await endpoint.try({ messages: [] })
      const id = headers.get('request-id') ?? ''
      need(id !== '', 'the header request-id is missing')
      return partialUnless(json?.['request_id'] === id, 'the body has another or none')
    },
  },
})
