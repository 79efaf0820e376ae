/**
 * Cloudflare's REST API on this machine, as far as Wrangler calls it to deploy the gateway: an account with KV
 * namespaces and one Worker with its secrets.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Entry } from '../../src/cli/platform/remote-kv.ts'
import type { Upload } from './worker-host.ts'
import { WorkerHost } from './worker-host.ts'

/** One call of the API. */
export interface Call {
  method: string
  /** Below the account, without the query. */
  path: string
}

type Answer =
  | { result: unknown; info?: object }
  | { status: number; code: number; message: string }
  /** A value of KV. */
  | { value: string }

export const account = { id: 'a'.repeat(32), name: 'Acme' }
const namespacesPath = '/storage/kv/namespaces'
const notFound: Answer = { status: 404, code: 10_007, message: 'not found' }
const refused: Answer = { status: 403, code: 10_000, message: 'Authentication error' }

export class CloudflareApi {
  /** What `CLOUDFLARE_API_BASE_URL` is set to. */
  readonly url: string
  readonly host: WorkerHost
  readonly calls: Call[] = []
  readonly namespaces = new Map<string, { id: string; title: string }>()
  readonly secrets = new Map<string, string>()
  upload: Upload | undefined
  /** Parts of paths that the token may not call. */
  refuses: readonly string[] = []
  /** Called before a call is answered. */
  onCall: (call: Call) => void = () => {}
  readonly #server: Server

  private constructor(server: Server, host: WorkerHost) {
    this.#server = server
    this.host = host
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`
  }

  static async start(): Promise<CloudflareApi> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    const [host] = await Promise.all([WorkerHost.start(), once(server, 'listening')])
    const api = new CloudflareApi(server, host)
    server.on('request', (request, response) => {
      void api
        .#respond(request)
        .then(({ status, text }) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(text),
        )
    })
    return api
  }

  async close(): Promise<void> {
    this.#server.close()
    await this.host.close()
  }

  /** All entries of a namespace, by name. */
  async entries(binding: 'KEYS' | 'CATALOG'): Promise<Map<string, string>> {
    const kv = await this.host.kv(binding)
    const { keys } = await kv.list()
    const values = keys.map(async ({ name }) => [name, (await kv.get(name, 'text')) ?? ''] as const)
    return new Map(await Promise.all(values))
  }

  async #respond(request: IncomingMessage): Promise<{ status: number; text: string }> {
    const chunks: Buffer[] = []
    for await (const chunk of request) {
      chunks.push(chunk)
    }
    const url = new URL(request.url ?? '', 'http://api.invalid')
    const path = url.pathname.replace('/client/v4', '').replace(`/accounts/${account.id}/`, '/')
    const call = { method: request.method ?? 'GET', path }
    this.calls.push(call)
    this.onCall(call)
    const body = new Response(Buffer.concat(chunks), {
      headers: { 'content-type': request.headers['content-type'] ?? 'text/plain' },
    })
    const answer = this.refuses.some((part) => path.includes(part))
      ? refused
      : (this.#answerUser(path) ??
        (await this.#answerKv(call, url.searchParams, body)) ??
        (await this.#answerWorker(call, body)) ??
        notFound)
    return toText(answer)
  }

  #answerUser(path: string): Answer | undefined {
    switch (path) {
      case '/user':
        return { result: { id: 'u', email: 'deployer@example.com' } }
      case '/user/tokens/verify':
        return { result: { id: 't', status: 'active' } }
      case '/accounts':
        return { result: [account], info: { page: 1, per_page: 50, count: 1, total_count: 1 } }
      case '/memberships':
        return { result: [{ id: 'm', account }] }
      default:
        return undefined
    }
  }

  async #answerKv(
    { method, path }: Call,
    query: URLSearchParams,
    body: Response,
  ): Promise<Answer | undefined> {
    if (path === namespacesPath) {
      return this.#answerNamespaces(method, query, body)
    }
    if (!path.startsWith(namespacesPath)) {
      return undefined
    }
    const [id = '', verb, name = ''] = path.slice(namespacesPath.length + 1).split('/')
    const title = this.namespaces.get(id)?.title ?? ''
    const kv = await this.host.kv(title.endsWith('keys') ? 'KEYS' : 'CATALOG')
    switch (`${method} ${verb}`) {
      case 'PUT bulk':
        return writeEntries(kv, await body.text())
      case 'GET keys':
        return listEntries(kv, query)
      case 'GET values':
        return readEntry(kv, decodeURIComponent(name))
      default:
        return writeEntry(kv, decodeURIComponent(name), query, body)
    }
  }

  async #answerNamespaces(method: string, query: URLSearchParams, body: Response): Promise<Answer> {
    const all = [...this.namespaces.values()]
    if (method === 'GET') {
      // Wrangler reads pages until one is empty.
      return { result: Number(query.get('page') ?? 1) > 1 ? [] : all }
    }
    const { title }: { title: string } = JSON.parse(await body.text())
    if (all.some((each) => each.title === title)) {
      return {
        status: 400,
        code: 10_014,
        message: 'a namespace with this account ID and title already exists',
      }
    }
    const created = { id: `${all.length + 1}`.padStart(32, '0'), title }
    this.namespaces.set(created.id, created)
    return { result: created }
  }

  async #answerWorker({ method, path }: Call, body: Response): Promise<Answer | undefined> {
    if (path === '/workers/subdomain') {
      return { result: { subdomain: 'acme' } }
    }
    const [, script, rest] =
      /^\/workers\/(?:scripts|services|workers)\/([^/]+)(.*)$/.exec(path) ?? []
    if (script === undefined) {
      return undefined
    }
    if (method === 'PUT' && rest === '') {
      this.upload = await readUpload(body, this.upload)
      this.host.deploy(this.upload, Object.fromEntries(this.secrets))
      return { result: { id: script, etag: 'e', deployment_id: 'd', startup_time_ms: 10 } }
    }
    return this.upload === undefined ? notFound : this.#answerDeployed(method, rest ?? '', body)
  }

  async #answerDeployed(method: string, path: string, body: Response): Promise<Answer | undefined> {
    const subdomain = { enabled: true, previews_enabled: false }
    switch (path) {
      case '':
        return { result: { id: 'w', subdomain, default_environment: { script: {} } } }
      case '/subdomain':
        return { result: subdomain }
      case '/settings':
        return { result: { bindings: this.upload?.bindings ?? [] } }
      case '/secrets': {
        if (method === 'PUT') {
          const { name, text }: { name: string; text: string } = JSON.parse(await body.text())
          this.secrets.set(name, text)
          this.host.deploy(this.upload, Object.fromEntries(this.secrets))
        }
        const names = [...this.secrets.keys()]
        return { result: names.map((name) => ({ name, type: 'secret_text' })) }
      }
      default:
        return undefined
    }
  }
}

function toText(answer: Answer): { status: number; text: string } {
  if ('value' in answer) {
    return { status: 200, text: answer.value }
  }
  if ('status' in answer) {
    const { status, code, message } = answer
    const errors = [{ code, message }]
    return {
      status,
      text: JSON.stringify({ success: false, errors, messages: [], result: null }),
    }
  }
  const { result, info } = answer
  const text = JSON.stringify({
    success: true,
    errors: [],
    messages: [],
    result,
    result_info: info,
  })
  return { status: 200, text }
}

type Kv = Awaited<ReturnType<WorkerHost['kv']>>

async function writeEntries(kv: Kv, text: string): Promise<Answer> {
  const entries: Entry[] = JSON.parse(text)
  for (const { key, value, ...options } of entries) {
    await kv.put(key, value, options)
  }
  return { result: { successful_key_count: entries.length, unsuccessful_keys: [] } }
}

async function listEntries(kv: Kv, query: URLSearchParams): Promise<Answer> {
  const { keys } = await kv.list({ prefix: query.get('prefix') ?? '' })
  return { result: keys, info: { count: keys.length, cursor: '' } }
}

async function readEntry(kv: Kv, key: string): Promise<Answer> {
  const value = await kv.get(key, 'text')
  return value === null ? { status: 404, code: 10_009, message: 'get: key not found' } : { value }
}

async function writeEntry(
  kv: Kv,
  key: string,
  query: URLSearchParams,
  body: Response,
): Promise<Answer> {
  const { value, metadata } = await readValue(body)
  const expiration = query.get('expiration')
  await kv.put(key, value, {
    ...(metadata === undefined ? {} : { metadata }),
    ...(expiration === null ? {} : { expiration: Number(expiration) }),
  })
  return { result: null }
}

/** A value of KV with its metadata, as a form or alone. */
async function readValue(body: Response): Promise<{ value: string; metadata?: unknown }> {
  if (body.headers.get('content-type')?.startsWith('multipart/') !== true) {
    return { value: await body.text() }
  }
  const form = await body.formData()
  const [value, metadata] = await Promise.all([
    textOf(form.get('value')),
    textOf(form.get('metadata')),
  ])
  return { value, ...(metadata === '' ? {} : { metadata: JSON.parse(metadata) }) }
}

/** Bindings that are inherited are those of the Worker before. */
async function readUpload(body: Response, before: Upload | undefined): Promise<Upload> {
  const form = await body.formData()
  const metadata = JSON.parse(await textOf(form.get('metadata')))
  const modules = [...form].flatMap(([name, part]) =>
    name === 'metadata' ? [] : [textOf(part).then((text) => ({ name, text }))],
  )
  return {
    mainModule: metadata.main_module,
    modules: await Promise.all(modules),
    bindings: metadata.bindings.map((binding: Upload['bindings'][number]) =>
      binding.type === 'inherit'
        ? (before?.bindings.find(({ name }) => name === binding.name) ?? binding)
        : binding,
    ),
    compatibilityDate: metadata.compatibility_date,
    compatibilityFlags: metadata.compatibility_flags,
  }
}

async function textOf(part: File | string | null): Promise<string> {
  return part === null || typeof part === 'string' ? (part ?? '') : part.text()
}
