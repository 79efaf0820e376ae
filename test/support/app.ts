/** The app with a scripted upstream, as tests in workerd see it. */
import { catalogEntry } from '../../src/catalog/load.ts'
import { dialects } from '../../src/dialects/index.ts'
import type { NativeTracing } from '../../src/exchange/trace/native-spans.ts'
import { createGateway } from '../../src/http/app.ts'
import { hashKey, mintKey } from '../../src/keys/key.ts'
import { keyEntry } from '../../src/keys/key.ts'
import { presets } from '../../src/providers/index.ts'

export const key = mintKey('aaaaaaaaaa')

export interface Harness {
  /** Fetches from the app; JSON bodies and the key are filled in. */
  request: (
    path: string,
    init?: RequestInit & { json?: unknown; key?: string; origin?: string },
  ) => Promise<Response>
  /** What the upstream was sent. */
  sent: { url: string; headers: Headers; body: unknown; signal: AbortSignal }[]
  lines: object[]
  /** Runs a slice of a batch, as a consumer of the queue does. */
  runSlice: (batch: string, slice: number) => Promise<void>
  /** Resolves when all that was left running after the answers has ended. */
  settled: () => Promise<void>
  env: Env
}

export interface HarnessOptions {
  /** Answers the gateway's requests to upstreams. */
  upstream?: (request: Request) => Response | Promise<Response>
  /** The document in KV; null for an empty KV. */
  catalog?: object | null
  record?: object
  /** Bindings and vars beside the usual ones. */
  vars?: Record<string, unknown>
  /** The platform's tracing; by default there is none. */
  tracing?: NativeTracing
  /** Returns ids; by default numbers, which are the same in every harness. */
  newId?: (prefix: string) => string
}

const catalog = {
  version: 1,
  providers: {
    chat: { dialect: 'openai-chat', base_url: 'http://chat.test/v1', secret: 'CHAT_KEY' },
    claude: { preset: 'anthropic', base_url: 'http://claude.test' },
  },
  models: [
    { id: 'm', targets: [{ provider: 'chat', model: 'up' }] },
    { id: 'claude-x', targets: [{ provider: 'claude', model: 'claude-x' }] },
    { id: 'claude-renamed', targets: [{ provider: 'claude', model: 'claude-x' }] },
  ],
}

/** Everything of one test: an app, a KV with one key and a catalog, and what went out. */
export async function createHarness(options: HarnessOptions = {}): Promise<Harness> {
  const sent: Harness['sent'] = []
  const lines: object[] = []
  const record = {
    id: 'aaaaaaaaaa',
    name: 'test',
    created_at: '2026-01-01T00:00:00Z',
    expires_at: null,
    status: 'active',
    models: ['*'],
    scopes: [],
    limits: {},
    metadata: {},
    ...options.record,
  }
  const entries = new Map<string, string>([[keyEntry(await hashKey(key)), JSON.stringify(record)]])
  if (options.catalog !== null) {
    entries.set(catalogEntry, JSON.stringify(options.catalog ?? catalog))
  }
  const kv = {
    get: async (name: string) => entries.get(name) ?? null,
    getWithMetadata: async (name: string) => ({ value: entries.get(name) ?? null, metadata: null }),
  } as unknown as KVNamespace
  const env = {
    KEYS: kv,
    CATALOG: kv,
    CHAT_KEY: 'sk-chat-secret',
    ANTHROPIC_API_KEY: 'sk-ant-secret',
    ...options.vars,
  } as unknown as Env
  let ids = 0
  const { app, batches } = createGateway(
    {
      now: () => Date.now(),
      newId: options.newId ?? ((prefix) => `${prefix}${String((ids += 1)).padStart(24, '0')}`),
      writeLog: (line) => lines.push(line),
      fetch: async (url, init) => {
        const request = new Request(url, init)
        const text = await request.clone().text()
        sent.push({
          url: request.url,
          headers: request.headers,
          body: toBody(request, text),
          signal: request.signal,
        })
        return options.upstream?.(request) ?? new Response('no upstream', { status: 503 })
      },
    },
    { dialects, presets },
  )
  const running: Promise<unknown>[] = []
  const waitUntil = (promise: Promise<unknown>): void => void running.push(promise)
  const context = {
    waitUntil,
    passThroughOnException: () => {},
    props: {},
    tracing: options.tracing,
  } as unknown as ExecutionContext
  return {
    sent,
    lines,
    env,
    runSlice: (batch, slice) => batches.runSlice({ batch, slice }, env, waitUntil),
    settled: async () => {
      while (running.length > 0) {
        await running.shift()
      }
    },
    request: async (
      path,
      { json, key: given = key, origin = 'http://gateway.test', headers: more, ...init } = {},
    ) => {
      const headers = new Headers(more)
      if (given !== '' && !headers.has('x-api-key')) {
        headers.set('x-api-key', given)
      }
      const body = json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }
      return app.request(`${origin}${path}`, { ...body, ...init, headers }, env, context)
    },
  }
}

/** A chat completions stream of these chunks, ended as OpenAI ends its own. */
export function chatStream(...chunks: object[]): Response {
  const text = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]']
    .map((data) => `data: ${data}\n\n`)
    .join('')
  return new Response(text, { headers: { 'content-type': 'text/event-stream' } })
}

/** One chunk with that delta. */
export function delta(value: object, finish: string | null = null): object {
  return { id: 'c', choices: [{ index: 0, delta: value, finish_reason: finish }] }
}

/** JSON is parsed; a form stays a text. */
function toBody({ headers }: Request, text: string): unknown {
  const isJson = headers.get('content-type')?.includes('json') === true
  return text === '' || !isJson ? text || undefined : JSON.parse(text)
}
