/**
 * What the client sees when the provider fails. These need an upstream that fails on request: the scripted one
 * of this command (upstream/), behind the endpoint.
 */
import { defineSubject } from '../../check.ts'
import type { Endpoint } from '../../endpoint/endpoint.ts'
import type { Reply, WireError } from '../../endpoint/reply.ts'
import { errorOf } from '../../endpoint/reply.ts'
import type { Finding } from '../../finding.ts'
import { need, partial, partialUnless } from '../../finding.ts'
import { say, user } from '../../material/prompts.ts'
import type { FaultName } from '../../upstream/faults.ts'

/** A request that the scripted upstream answers with a fault. */
function provoke(fault: FaultName): { messages: object[] } {
  return { messages: [user(`Simulate the fault: ${fault}. ${say('ALPHA BETA GAMMA DELTA')}`)] }
}

async function fail(
  endpoint: Endpoint,
  fault: FaultName,
): Promise<{ reply: Reply; error: WireError }> {
  const reply = await endpoint.try(provoke(fault))
  need(reply.status >= 400, `the status is ${reply.status}`)
  const error = errorOf(reply.json)
  need(error !== undefined, `${reply.status} without an error in the envelope`)
  return { reply, error }
}

function expected(reply: Reply, statuses: readonly number[]): Finding | undefined {
  return partialUnless(
    statuses.includes(reply.status),
    `${reply.status} instead of ${statuses.join(' or ')}`,
  )
}

/** A stream that the upstream truncated must not look complete. */
async function truncated(endpoint: Endpoint, fault: FaultName): Promise<Finding | undefined> {
  const answer = await endpoint.streamFailing(provoke(fault))
  if (answer === null) {
    return undefined
  }
  const last = answer.events.at(-1)?.name
  need(last !== 'message_stop', `it looks complete, with stop_reason ${answer.stopReason}`)
  return partialUnless(last === 'error', 'the connection ends without an error event')
}

const subject = {
  name: 'faults',
  title: 'Failures of the provider',
  needsFaults: true,
  tokens: { input: 50, output: 10 },
}

/** Checks of failing upstreams, which only a scripted upstream can simulate. */
export const faults = defineSubject(subject, {
  'rate-limit': {
    title: 'passes on a rate limit as 429 with retry-after',
    run: async (endpoint) => {
      const { reply, error } = await fail(endpoint, 'rate-limit')
      need(reply.status === 429, `the status is ${reply.status}`)
      const after = Number(reply.headers.get('retry-after'))
      return partialUnless(
        after > 0 && error.type === 'rate_limit_error',
        `${error.type}, ${after > 0 ? '' : 'no '}retry-after`,
      )
    },
  },
  overloaded: {
    title: 'answers an overloaded provider with 529 or 503',
    run: async (endpoint) => expected((await fail(endpoint, 'overloaded')).reply, [529, 503]),
  },
  'server-error': {
    title: 'answers an error of the provider with a 5xx that clients retry',
    run: async (endpoint) => {
      const { reply } = await fail(endpoint, 'server-error')
      need(reply.status >= 500, `the status is ${reply.status}`)
      const isFinal = reply.headers.get('x-should-retry') === 'false'
      return isFinal ? partial('x-should-retry: false') : undefined
    },
  },
  'provider-key': {
    title: 'does not blame the client’s key where the provider rejects the gateway’s',
    run: async (endpoint) => {
      const { reply } = await fail(endpoint, 'bad-credential')
      need(reply.status !== 401 && reply.status !== 403, `the status is ${reply.status}`)
    },
  },
  'context-window': {
    title: 'says “prompt is too long” where the provider says so in its own words',
    run: async (endpoint) => {
      const { reply, error } = await fail(endpoint, 'context-window')
      need(reply.status === 400 || reply.status === 413, `the status is ${reply.status}`)
      return partialUnless(error.message.includes('prompt is too long'), 'in other words')
    },
  },
  garbage: {
    title: 'answers a response that is not JSON with a 5xx',
    run: async (endpoint) => {
      const { reply } = await fail(endpoint, 'garbage')
      need(reply.status >= 500, `the status is ${reply.status}`)
    },
  },
  'cut-before-content': {
    title: 'does not end a stream normally that the provider cut before its content',
    run: (endpoint) => truncated(endpoint, 'cut-before-content'),
  },
  'cut-within-text': {
    title: 'ends a stream that the provider cut within the text with an error event',
    run: (endpoint) => truncated(endpoint, 'cut-within-text'),
  },
  'ended-early': {
    title: 'ends a stream that the provider ended without its last event with an error event',
    run: (endpoint) => truncated(endpoint, 'ended-early'),
  },
  'error-within-stream': {
    title: 'turns an error within the provider’s stream into an error event',
    run: (endpoint) => truncated(endpoint, 'error-within-stream'),
  },
})
