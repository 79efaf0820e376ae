/** The real Worker in workerd before a scripted upstream, with limits that are short enough to wait for. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { catalogEntry } from '../../src/catalog/load.ts'
import type { Engine } from '../../src/cli/platform/engine.ts'
import { startEngine } from '../../src/cli/platform/engine.ts'
import { createKey } from '../../src/keys/store.ts'
import type { ScriptedUpstream, Script } from './wire.ts'
import { startUpstream } from './wire.ts'

export interface Bench {
  url: string
  key: string
  upstream: ScriptedUpstream
  /** The lines that the gateway logged. */
  lines: Record<string, unknown>[]
  ask: (model: string, more?: object, init?: RequestInit) => Promise<Response>
  /** Resolves when every request to the upstream for that model is over. */
  quiet: (model: string) => Promise<void>
  stop: () => Promise<void>
}

/** In seconds. */
export const timeouts = {
  connect_seconds: 1.5,
  first_byte_seconds: 1.8,
  idle_seconds: 1.2,
  total_seconds: 5,
}

/**
 * Models: `one/X` goes to the script X; `two/X` to it and then to one that answers well; `passed/X` and
 * `passed-two/X` as Anthropic's own; `dead/…` to a port where nobody listens; and so on.
 */
export async function startBench(scriptOf: (model: string) => Script): Promise<Bench> {
  const upstream = await startUpstream(scriptOf)
  const state = await mkdtemp(join(tmpdir(), 'messages-gateway-faults-'))
  const lines: Record<string, unknown>[] = []
  const engine = await startEngine({
    secrets: {},
    port: 0,
    state,
    writeLog: (line) => record(line, lines),
  })
  const key = await fill(engine, upstream.port)
  const { url } = engine
  return {
    url,
    key,
    upstream,
    lines,
    ask: createAsk(url, key),
    async quiet(model) {
      for (let waited = 0; upstream.of(model).some(({ closed }) => !closed); waited += 20) {
        if (waited > 2000) {
          throw new Error('a request to the upstream is left open')
        }
        await sleep(20)
      }
    },
    async stop() {
      await engine.close()
      await upstream.stop()
      await rm(state, { recursive: true, force: true })
    },
  }
}

/** Asks for a model, with `more` in the body. */
export function createAsk(url: string, key: string): Bench['ask'] {
  return (model, more = {}, init = {}) =>
    fetch(`${url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify({
        model,
        max_tokens: 100,
        messages: [{ role: 'user', content: 'hi' }],
        ...more,
      }),
      ...init,
    })
}

/** Records lines that the gateway wrote at once; one that is not JSON as `unreadable`. */
function record(written: string, lines: Record<string, unknown>[]): void {
  for (const line of written.split('\n')) {
    try {
      lines.push(JSON.parse(line))
    } catch {
      lines.push({ level: 'error', unreadable: line })
    }
  }
}

async function fill(engine: Engine, port: number): Promise<string> {
  const catalog = await engine.kv('CATALOG')
  await catalog.put(catalogEntry, JSON.stringify(toCatalog(port, await freePort())))
  const keys = await engine.kv('KEYS')
  const { key } = await createKey(keys, keyFields, { now: new Date(), forget: true })
  return key
}

export const keyFields = {
  name: 'faults',
  expires_at: null,
  models: ['*'],
  scopes: [],
  limits: {},
  metadata: {},
}

/** `port`: the scripted upstream's. `deadPort`: where nobody listens. */
export function toCatalog(port: number, deadPort: number): object {
  const base_url = `http://127.0.0.1:${port}`
  const chat = { dialect: 'openai-chat', base_url: `${base_url}/v1`, secret: null, timeouts }
  const { timeouts: _, ...patient } = chat
  const claude = { dialect: 'anthropic', base_url, secret: null, timeouts }
  const good = { provider: 'good', model: 'good' }
  const model = (id: string, ...targets: object[]): object => ({ id, listed: false, targets })
  const up = { provider: 'up', model: '*' }
  const slow = { provider: 'patient', model: '*' }
  const slowStreaming = { provider: 'patient-streaming', model: '*' }
  return {
    version: 1,
    providers: {
      up: chat,
      good: chat,
      streaming: { ...chat, stream_plain: true },
      patient,
      'patient-streaming': { ...patient, stream_plain: true },
      claude,
      dead: { ...chat, base_url: `http://127.0.0.1:${deadPort}/v1` },
    },
    models: [
      model('one/*', up),
      model('two/*', up, good),
      model('streamed/*', { provider: 'streaming', model: '*' }),
      model('streamed-two/*', { provider: 'streaming', model: '*' }, good),
      model('slow-one/*', slow),
      model('slow-two/*', slow, good),
      model('slow-streamed/*', slowStreaming),
      model('slow-streamed-two/*', slowStreaming, good),
      model('passed/*', { provider: 'claude', model: '*' }),
      model('passed-two/*', { provider: 'claude', model: '*' }, good),
      model('to-passed/*', up, { provider: 'claude', model: 'claude-good' }),
      model('dead/one', { provider: 'dead', model: 'dead' }),
      model('dead/two', { provider: 'dead', model: 'dead' }, good),
      model(
        'windows/*',
        { ...up, max_input_tokens: 1000 },
        { provider: 'up', model: 'small', max_input_tokens: 900 },
        { provider: 'good', model: 'good', max_input_tokens: 2000 },
      ),
    ],
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 1
}
