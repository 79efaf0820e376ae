/**
 * The gateway on this machine: the bundle that `wrangler deploy` would upload, in workerd, on a plain
 * socket with nothing in front, so that a client's leaving reaches the Worker as it does in production.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'

import type { Miniflare, V4ModuleDefinition } from 'miniflare'

import { asObject } from '../../anthropic/json.ts'
import type { KeyValue } from '../../platform/key-value.ts'
import type { Namespace } from './local-state.ts'
import { localNamespaces, toPersistencePath } from './local-state.ts'
import { UserError } from './stop.ts'
import { importWrangler, projectRoot, runWrangler } from './wrangler.ts'

const host = '127.0.0.1'
const workerName = 'gateway'

export interface Engine {
  /** Without a trailing slash. */
  url: string
  kv: (namespace: Namespace) => Promise<KeyValue>
  close: () => Promise<void>
}

export interface EngineOptions {
  /** 0 takes any that is free. */
  port: number
  /** Where KV lives. */
  state: string
  /** Takes what the Worker logs, a line at a time. */
  writeLog: (line: string) => void
}

/** Starts it; bindings and secrets are those of wrangler.toml and .dev.vars. */
export async function startEngine({ port, state, writeLog }: EngineOptions): Promise<Engine> {
  await checkPort(port)
  const [modules, worker, { Miniflare, convertV4MiniflareOptions, NoOpLog }] = await Promise.all([
    build(),
    readWorkerOptions(),
    import('miniflare'),
  ])
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...worker,
      name: workerName,
      modules,
      modulesRoot: '/',
      kvNamespaces: { ...localNamespaces },
      // What the tools write shows at once.
      bindings: { ...asObject(worker['bindings']), CACHE: 'off' },
      // The usual socket goes through a Worker of Miniflare's; this one does not.
      unsafeDirectSockets: [{ host, port }],
      resourcePersistencePath: toPersistencePath(state),
      log: new NoOpLog(),
      handleStructuredLogs: ({ message }) => writeLog(message),
      cf: false,
    }),
  )
  try {
    const { origin } = await miniflare.unsafeGetDirectURL(workerName)
    return toEngine(miniflare, origin)
  } catch (error) {
    await miniflare.dispose()
    throw error
  }
}

function toEngine(miniflare: Miniflare, url: string): Engine {
  return {
    url,
    kv: (namespace) => miniflare.getKVNamespace(namespace, workerName),
    close: () => miniflare.dispose(),
  }
}

/** workerd would only say so after it has been started, and in its own words. */
function checkPort(port: number): Promise<void> {
  return new Promise((settle, refuse) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${error.code})`
      refuse(new UserError(`Port ${port} ${reason}; choose another with --port, or 0 for any.`))
    })
    server.listen(port, host, () => server.close(() => settle()))
  })
}

/** wrangler.toml and .dev.vars, as Miniflare takes them. */
async function readWorkerOptions(): Promise<Record<string, unknown>> {
  const { unstable_getMiniflareWorkerOptions: read } = await importWrangler()
  // Rules say how to find modules; these are found already.
  const { modulesRules: _, ...options } = read(join(projectRoot, 'wrangler.toml')).workerOptions
  return { ...options }
}

const moduleTypes: Record<string, V4ModuleDefinition['type']> = {
  '.js': 'ESModule',
  '.mjs': 'ESModule',
  '.wasm': 'CompiledWasm',
  '.bin': 'Data',
  '.txt': 'Text',
  '.html': 'Text',
  '.sql': 'Text',
}

/** The modules that a deployment would upload, the entry first. */
async function build(): Promise<V4ModuleDefinition[]> {
  const folder = await mkdtemp(join(tmpdir(), 'messages-gateway-'))
  try {
    const { code, stdout, stderr } = await runWrangler(['deploy', '--dry-run', '--outdir', folder])
    if (code !== 0) {
      throw new UserError(`The Worker could not be built.\n${stderr}\n${stdout}`)
    }
    const names = (await readdir(folder)).filter((name) => extname(name) in moduleTypes)
    const modules = names.map(async (name) => ({
      type: moduleTypes[extname(name)] ?? 'ESModule',
      path: `/${name}`,
      contents: await readFile(join(folder, name)),
    }))
    const isEntry = ({ path }: { path: string }): number => (path === '/index.js' ? 0 : 1)
    return (await Promise.all(modules)).toSorted((a, b) => isEntry(a) - isEntry(b))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
