/**
 * What stands for Cloudflare's network in the tests of the setup: KV, and the Worker that was uploaded, in
 * workerd, with its secrets. Workers AI is the demo, so that answers are known.
 */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'

import { build } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare, NoOpLog } from 'miniflare'

/** A Worker as Wrangler uploads it. */
export interface Upload {
  mainModule: string
  modules: { name: string; text: string }[]
  bindings: { name: string; type: string; class_name?: string; namespace_id?: string }[]
  compatibilityDate: string
  compatibilityFlags: string[]
}

const name = 'deployed'
const stub = { mainModule: 'stub.js', modules: [{ name: 'stub.js', text: 'export default {}' }] }

export class WorkerHost {
  #upload: Upload | undefined
  #secrets: Readonly<Record<string, string>> = {}
  /** Whether the running Worker differs from what was uploaded last. */
  #isStale = false
  readonly #folder: string
  readonly #ai: string
  readonly #miniflare: Miniflare
  readonly #server: Server
  /** The origin of the Worker, whether one is deployed or not. */
  readonly url: string

  private constructor(parts: { folder: string; ai: string; miniflare: Miniflare; server: Server }) {
    this.#folder = parts.folder
    this.#ai = parts.ai
    this.#miniflare = parts.miniflare
    this.#server = parts.server
    const { port } = parts.server.address() as AddressInfo
    this.url = `http://127.0.0.1:${port}`
  }

  static async start(): Promise<WorkerHost> {
    const [folder, ai] = await Promise.all([mkdtemp(join(tmpdir(), 'deployed-')), buildAi()])
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const miniflare = new Miniflare(toOptions(folder, ai, undefined, {}))
    const host = new WorkerHost({ folder, ai, miniflare, server })
    server.on('request', (request, response) => void host.#answer(request, response))
    return host
  }

  /** The names of uploaded bindings are those of the namespaces here. */
  kv(binding: 'KEYS' | 'CATALOG') {
    return this.#miniflare.getKVNamespace(binding, name)
  }

  deploy(upload: Upload | undefined, secrets: Readonly<Record<string, string>>): void {
    this.#upload = upload
    this.#secrets = secrets
    this.#isStale = true
  }

  async close(): Promise<void> {
    this.#server.close()
    await this.#miniflare.dispose()
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#upload === undefined) {
      response.writeHead(404).end('There is nothing here yet')
      return
    }
    if (this.#isStale) {
      this.#isStale = false
      await this.#miniflare.setOptions(
        toOptions(this.#folder, this.#ai, this.#upload, this.#secrets),
      )
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) {
      chunks.push(chunk)
    }
    const answer = await this.#miniflare.dispatchFetch(`${this.url}${request.url}`, {
      method: request.method ?? 'GET',
      headers: Object.entries(request.headers).map(([header, value]): [string, string] => [
        header,
        String(value),
      ]),
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    })
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    if (answer.body === null) {
      response.end()
    } else {
      Readable.fromWeb(answer.body).pipe(response)
    }
  }
}

function toOptions(
  folder: string,
  ai: string,
  upload: Upload | undefined,
  secrets: Readonly<Record<string, string>>,
) {
  const { mainModule, modules } = upload ?? stub
  const isEntry = (module: { name: string }): number => (module.name === mainModule ? 0 : 1)
  const objects = (upload?.bindings ?? []).flatMap(
    ({ name: binding, type, class_name: className }) =>
      type === 'durable_object_namespace' && className !== undefined
        ? [[binding, { className, useSQLite: true }] as const]
        : [],
  )
  const common = { modulesRoot: '/', compatibilityDate: upload?.compatibilityDate ?? '2026-11-01' }
  return convertV4MiniflareOptions({
    log: new NoOpLog(),
    handleStructuredLogs: () => {},
    cf: false,
    resourcePersistencePath: folder,
    workers: [
      {
        ...common,
        name,
        modules: modules
          .toSorted((a, b) => isEntry(a) - isEntry(b))
          .map((module) => ({
            type: 'ESModule' as const,
            path: `/${module.name}`,
            contents: module.text,
          })),
        compatibilityFlags: upload?.compatibilityFlags ?? [],
        kvNamespaces: { KEYS: 'KEYS', CATALOG: 'CATALOG' },
        durableObjects: Object.fromEntries(objects),
        bindings: { ...secrets },
        serviceBindings: { AI: 'ai' },
      },
      {
        ...common,
        name: 'ai',
        modules: [{ type: 'ESModule' as const, path: '/ai.js', contents: ai }],
      },
    ],
  })
}

/** The demo behind the method of the AI binding. */
async function buildAi(): Promise<string> {
  const contents = `
    import { WorkerEntrypoint } from 'cloudflare:workers'
    import { serveDemo } from './src/demo/server.ts'
    export default class extends WorkerEntrypoint {
      run(model, inputs) {
        const body = JSON.stringify({ ...inputs, model })
        return serveDemo(new Request('http://demo.invalid/v1/chat/completions', { method: 'POST', body }))
      }
    }`
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    external: ['cloudflare:*'],
  })
  return outputFiles[0]?.text ?? ''
}
