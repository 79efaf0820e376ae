/**
 * Alerts of the real Worker, as two Workers that share ledgers and KV: a receiver gets each of them once, also when
 * it fails at first, and when the gateway is restarted in between.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import type { V4ModuleDefinition } from 'miniflare'
import { convertV4MiniflareOptions, Miniflare, NoOpLog } from 'miniflare'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { catalogEntry } from '../../src/catalog/load.ts'
import { buildModules } from '../../src/cli/platform/engine.ts'
import { makeKey } from '../../src/keys/change.ts'
import { makeGroup } from '../../src/keys/groups/change.ts'

const signingSecret = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3'

interface Received {
  id: string
  type: string
  data: Record<string, unknown>
}

/** A receiver of webhooks that answers with these statuses, then with 200. */
class Receiver {
  readonly received: Received[] = []
  statuses: number[] = []
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += String(chunk)))
      request.on('end', () => {
        const headers = request.headers as Record<string, string>
        new Webhook(signingSecret).verify(body, headers)
        const status = this.statuses.shift() ?? 200
        if (status === 200) {
          const { type, data } = JSON.parse(body) as Received
          this.received.push({ id: headers['webhook-id'] ?? '', type, data })
        }
        response.writeHead(status).end()
      })
    })
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  stop(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  /** The percentages of which there was an alert. */
  budgets(holder: string): number[] {
    return this.received
      .filter(({ type, data }) => type === 'budget' && data['holder'] === holder)
      .map(({ data }) => Number(data['percent']))
      .toSorted((a, b) => a - b)
  }

  async until(isDone: () => boolean): Promise<void> {
    for (let waited = 0; !isDone(); waited += 50) {
      if (waited > 12_000) {
        throw new Error(`received so far: ${JSON.stringify(this.received)}`)
      }
      await sleep(50)
    }
  }
}

const receiver = new Receiver()
let modules: V4ModuleDefinition[]
let hook: string
let state: string
let miniflare: Miniflare | undefined

beforeAll(async () => {
  modules = await buildModules()
  hook = await receiver.start()
  state = await mkdtemp(join(tmpdir(), 'messages-gateway-alerts-'))
}, 60_000)

afterAll(async () => {
  await miniflare?.dispose()
  receiver.stop()
  await rm(state, { recursive: true, force: true })
})

/** Starts both Workers; the ledgers are objects of the first. Returns their origins. */
async function start(): Promise<string[]> {
  const names = ['gateway', 'other']
  miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: names.map((name) => ({
        name,
        modules,
        modulesRoot: '/',
        compatibilityDate: '2026-11-01',
        compatibilityFlags: ['enable_request_signal', 'new_module_registry'],
        kvNamespaces: { KEYS: 'KEYS', CATALOG: 'CATALOG' },
        durableObjects: {
          LEDGER: { className: 'Ledger', useSQLite: true, scriptName: 'gateway' },
          SESSIONS: { className: 'Sessions', useSQLite: true, scriptName: 'gateway' },
        },
        bindings: { HOOK: hook, SIGN: signingSecret },
        unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
      })),
      resourcePersistencePath: state,
      log: new NoOpLog(),
      handleStructuredLogs: () => {},
      cf: false,
    }),
  )
  const running = miniflare
  return Promise.all(names.map(async (name) => (await running.unsafeGetDirectURL(name)).origin))
}

const catalog = {
  version: 1,
  providers: { demo: { preset: 'demo' }, dead: { preset: 'vllm', base_url: 'http://127.0.0.1:9' } },
  models: [
    {
      id: 'm',
      targets: [{ provider: 'demo', model: 'demo' }],
      price: { input: 1000, output: 1000 },
    },
    { id: 'dead', targets: [{ provider: 'dead', model: 'x' }], price: { input: 0, output: 0 } },
  ],
  alerts: [{ url_secret: 'HOOK', signing_secret: 'SIGN' }],
}

/** Resolves to the type of the answer: `message`, or that of the error. */
function ask(url: string, key: string, model = 'm'): Promise<string> {
  return fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key },
    body: JSON.stringify({ model, max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] }),
  }).then(async (response) => {
    const { type, error }: { type: string; error?: { type: string } } = JSON.parse(
      await response.text(),
    )
    return error?.type ?? type
  })
}

test('200 requests at once over two Workers are one alert for each threshold of key and group', async () => {
  const urls = await start()
  const [kv, documents] = await Promise.all(
    (['KEYS', 'CATALOG'] as const).map((name) => miniflare!.getKVNamespace(name, 'gateway')),
  )
  await documents!.put(catalogEntry, JSON.stringify(catalog))
  const limits = { budgets: [{ usd: 0.4, period: 'total' as const }] }
  const now = { now: new Date(), actor: 'test' }
  const group = await makeGroup(kv!, { name: 'team', limits }, now)
  if ('fault' in group) {
    throw new Error(group.fault)
  }
  const inADay = new Date(Date.now() + 3_600_000).toISOString()
  const made = await makeKey(
    kv!,
    { name: 'ci', limits, group_id: group.group.id, expires_at: inADay },
    now,
  )
  if ('fault' in made || made.key === undefined) {
    throw new Error('no key')
  }
  const { key } = made
  // The receiver fails at first, and is tried again.
  receiver.statuses = [500]
  for (let round = 0; round < 2; round += 1) {
    const types = await Promise.all(
      Array.from({ length: 200 }, (_, index) => ask(urls[index % 2]!, key)),
    )
    expect(types.filter((type) => type === 'message').length).toBeGreaterThan(10)
  }
  // What is left, requests at once hold for each other: the rest is spent one by one.
  for (let count = 0; (await ask(urls[count % 2]!, key)) !== 'billing_error'; count += 1) {
    expect(count).toBeLessThan(100)
  }
  await receiver.until(() => receiver.received.length >= 7)
  await sleep(500)
  expect(receiver.budgets('key')).toEqual([75, 95, 100])
  expect(receiver.budgets('group')).toEqual([75, 95, 100])
  const others = receiver.received.filter(({ type }) => type !== 'budget')
  expect(others.map(({ type }) => type)).toEqual(['key_expiring'])
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(receiver.received.length)
}, 60_000)

test('an alert that a restart comes before is sent afterwards, once', async () => {
  receiver.received.length = 0
  receiver.statuses = [503]
  const kv = await miniflare!.getKVNamespace('KEYS', 'gateway')
  const made = await makeKey(kv, { name: 'other' }, { now: new Date(), actor: 'test' })
  const key = 'fault' in made ? '' : (made.key ?? '')
  const urls = await Promise.all(
    ['gateway', 'other'].map(async (name) => (await miniflare!.unsafeGetDirectURL(name)).origin),
  )
  for (let count = 0; count < 6; count += 1) {
    await ask(urls[count % 2]!, key, 'dead')
  }
  await receiver.until(() => receiver.statuses.length === 0)
  expect(receiver.received).toEqual([])
  await miniflare?.dispose()
  await start()
  await receiver.until(() => receiver.received.length > 0)
  await sleep(300)
  expect(receiver.received).toMatchObject([
    { type: 'provider', data: { provider: 'dead', target: 'dead/x' } },
  ])
}, 60_000)
