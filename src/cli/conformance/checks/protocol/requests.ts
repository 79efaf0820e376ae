/** What every client sends beside the prompt: headers, versions, and fields that must not be in the way. */
import { gzipSync } from 'node:zlib'

import type { JsonObject } from '../../../../anthropic/json.ts'
import type { Check } from '../../check.ts'
import { defineSubject, expectText } from '../../check.ts'
import type { HeaderFields } from '../../endpoint/endpoint.ts'
import { accepted } from '../../endpoint/reply.ts'
import { need, partialUnless } from '../../finding.ts'
import { say, user } from '../../material/prompts.ts'

const messages = [user(say('PELICAN'))]

/** A run that sends a plain request with more fields or headers, and expects its answer. */
function tolerate(fields: JsonObject, headers?: HeaderFields): Check['run'] {
  return expectText('PELICAN', { messages, ...fields }, undefined, headers)
}

const subject = { name: 'requests', title: 'Requests' }

/** Checks of headers, versions and unknown fields. */
export const requests = defineSubject(subject, {
  'bearer-key': {
    title: 'accepts the key as a bearer token, as SDKs from 1.0 on send it',
    run: (endpoint) => {
      const authorization = `Bearer ${endpoint.access.key}`
      return tolerate({}, { 'x-api-key': undefined, authorization })(endpoint)
    },
  },
  'both-keys': {
    title: 'accepts a valid key beside another credential',
    mayRefuse: true,
    run: tolerate({}, { authorization: 'Bearer other-token' }),
  },
  'new-version': {
    title: 'accepts anthropic-version 2026-10-21',
    run: tolerate({}, { 'anthropic-version': '2026-10-21' }),
  },
  metadata: {
    title: 'accepts metadata.user_id',
    run: tolerate({ metadata: { user_id: 'user-7' } }),
  },
  'service-tier': {
    title: 'accepts service_tier',
    mayRefuse: true,
    about: ['service_tier'],
    run: tolerate({ service_tier: 'auto' }),
  },
  'unknown-field': {
    title: 'ignores or clearly rejects a field that it does not know',
    mayRefuse: true,
    run: tolerate({ field_of_the_future: true }),
  },
  'known-beta': {
    title: 'accepts the beta headers of its features',
    run: tolerate({}, { 'anthropic-beta': 'interleaved-thinking-2025-05-14' }),
  },
  'unknown-beta': {
    title: 'ignores or clearly rejects a beta header that it does not know',
    mayRefuse: true,
    run: tolerate({}, { 'anthropic-beta': 'future-feature-2030-01-01' }),
  },
  'beta-query': {
    title: 'accepts ?beta=true',
    run: async (endpoint) => {
      const body = { model: endpoint.access.model, max_tokens: 2000, messages }
      const reply = accepted(await endpoint.post('/v1/messages?beta=true', body))
      need(reply.text.includes('PELICAN'), 'the answer is not the requested text')
    },
  },
  gzip: {
    title: 'accepts or clearly rejects a compressed body',
    mayRefuse: true,
    run: async (endpoint) => {
      const body = JSON.stringify({ model: endpoint.access.model, max_tokens: 2000, messages })
      const headers = { 'content-encoding': 'gzip' }
      const reply = accepted(
        await endpoint.send('/v1/messages', { method: 'POST', body: gzipSync(body), headers }),
      )
      need(reply.text.includes('PELICAN'), 'the answer is not the requested text')
    },
  },
  'request-id': {
    title: 'has a request id of its own in the header of every answer',
    run: async (endpoint) => {
      const one = await endpoint.ask({ messages })
      const other = await endpoint.ask({ messages })
      const ids = [one, other].map(({ reply }) => reply.headers.get('request-id') ?? '')
      need(ids[0] !== '', 'the header request-id is missing')
      need(ids[0] !== ids[1], 'two answers have the same request id')
    },
    tokens: { input: 60, output: 60 },
  },
  'answer-id': {
    title: 'gives every message an id of its own that begins with msg_',
    run: async (endpoint) => {
      const one = await endpoint.ask({ messages })
      const other = await endpoint.ask({ messages })
      need(one.message['id'] !== other.message['id'], 'two messages have the same id')
      const id = String(one.message['id'])
      return partialUnless(id.startsWith('msg_'), `ids begin with ${id.slice(0, 8)}`)
    },
    tokens: { input: 60, output: 60 },
  },
})
