import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'

import type { SentAlert } from '../../src/alerts/alert.ts'
import { toBody } from '../../src/alerts/body.ts'
import { deliver } from '../../src/alerts/deliver.ts'
import { sinksFor } from '../../src/alerts/sink.ts'

const at = Date.UTC(2026, 10, 25, 12)

const alert: SentAlert = {
  id: 'alert_1',
  kind: 'budget',
  at,
  message: 'Key <ci> & co has used 75 % of its budget.',
  data: { percent: 75, models: null },
}

const url = 'https://receiver.test/hook?token=abc'
const key = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3'
const secrets: Record<string, string> = {
  HOOK: url,
  SIGN: key,
  TEXT: 'a passphrase',
  BAD: 'whsec_%',
}

interface Sent {
  url: string
  headers: Record<string, string>
  body: string
}

function createReceiver(answer: () => Response = () => new Response('ok')) {
  const sent: Sent[] = []
  const tools = {
    secret: (name: string) => secrets[name],
    now: () => Date.now(),
    fetch: async (to: string, init: RequestInit) => {
      const headers = Object.fromEntries(new Headers(init.headers))
      sent.push({ url: to, headers, body: init.body as string })
      return answer()
    },
  }
  return { sent, tools }
}

describe('a webhook', () => {
  test('a webhook is signed so that the library of Standard Webhooks accepts it, and rejects any change of it', async () => {
    const { sent, tools } = createReceiver()
    const sink = { url_secret: 'HOOK', signing_secret: 'SIGN' }
    expect(await deliver(alert, sink, tools)).toBeUndefined()
    const [{ headers, body } = { headers: {}, body: '' }] = sent
    expect(new Webhook(key).verify(body, headers)).toEqual({
      type: 'budget',
      timestamp: '2026-11-25T12:00:00.000Z',
      data: { message: alert.message, percent: 75, models: null },
    })
    expect(() => new Webhook(key).verify(body.replace('75', '95'), headers)).toThrow()
    expect(headers).toMatchObject({ 'webhook-id': 'alert_1', 'content-type': 'application/json' })
  })

  test('a webhook is signed with the bytes of a secret that is not base64', async () => {
    const { sent, tools } = createReceiver()
    await deliver(alert, { url_secret: 'HOOK', signing_secret: 'TEXT' }, tools)
    const [{ headers, body } = { headers: {}, body: '' }] = sent
    const library = new Webhook(new TextEncoder().encode('a passphrase'), { format: 'raw' })
    expect(() => library.verify(body, headers)).not.toThrow()
  })

  test('a webhook without a signing secret has an id and a time, and no signature', async () => {
    const { sent, tools } = createReceiver()
    await deliver(alert, { url_secret: 'HOOK' }, tools)
    expect(Object.keys(sent[0]?.headers ?? {}).sort()).toEqual([
      'content-type',
      'webhook-id',
      'webhook-timestamp',
    ])
  })

  test.each([
    ['a missing URL', { url_secret: 'NONE' }, 'the secret NONE is missing'],
    [
      'a missing signing secret',
      { url_secret: 'HOOK', signing_secret: 'NONE' },
      'the secret NONE is missing',
    ],
    ['a secret that is not base64', { url_secret: 'HOOK', signing_secret: 'BAD' }, /^no answer: /],
  ])('a webhook with %s is not sent, and says why', async (_, sink, reason) => {
    const { sent, tools } = createReceiver()
    expect(await deliver(alert, sink, tools)).toMatch(reason)
    expect(sent).toEqual([])
  })

  test('a webhook that fails names the status or the error, and never the URL', async () => {
    const { tools } = createReceiver(() => new Response('no', { status: 500 }))
    expect(await deliver(alert, { url_secret: 'HOOK' }, tools)).toBe('status 500')
    const broken = createReceiver(() => {
      throw new TypeError(`fetch failed: ${url}`)
    })
    expect(await deliver(alert, { url_secret: 'HOOK' }, broken.tools)).toBe('no answer: TypeError')
  })
})

test('a message for Slack is text and blocks, in which names are no markup', () => {
  const body: unknown = JSON.parse(toBody(alert, 'slack'))
  const text = 'Key &lt;ci&gt; &amp; co has used 75 % of its budget.'
  expect(body).toEqual({
    text,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text } },
      {
        type: 'context',
        elements: [{ type: 'mrkdwn', text: 'messages-gateway · budget · 2026-11-25 12:00:00 UTC' }],
      },
    ],
  })
})

test('a receiver gets the kinds that it wants, all by default, and every test', () => {
  const all = { url_secret: 'A' }
  const some = { url_secret: 'B', on: ['provider'] as const }
  expect(sinksFor([all, some], 'provider')).toEqual([all, some])
  expect(sinksFor([all, some], 'budget')).toEqual([all])
  expect(sinksFor([all, some], 'test')).toEqual([all, some])
  expect(sinksFor(undefined, 'budget')).toEqual([])
})
