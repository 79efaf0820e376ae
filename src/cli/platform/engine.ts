/**
 * Runs the gateway on this machine: the modules that `wrangler deploy` would upload, in workerd, on a
 * plain socket without a proxy, so that the Worker notices a client's disconnect as in production.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates } from 'node:tls'

import type { V4ModuleDefinition } from 'miniflare'

import { asObject } from '../../anthropic/json.ts'
import type { KeyValue } from '../../platform/key-value.ts'
import { buildWorker, entryModule } from './bundle/worker-modules.ts'
import type { Namespace } from './local-state.ts'
import { localNamespaces, toPersistencePath } from './local-state.ts'
import { UserError } from './run-command.ts'
import { refresh } from './running-gateway.ts'
import { importWrangler, projectRoot } from './wrangler.ts'

const host = '127.0.0.1'
const workerName = 'gateway'
const batchQueue = 'batches'

/** A running local gateway. */
export interface Engine {
  /** The origin, without a trailing slash. */
  url: string
  kv: (namespace: Namespace) => Promise<KeyValue>
  /** Reads wrangler.toml and .dev.vars again and restarts the Worker with other secrets, on the same port. */
  reload: (secrets: Readonly<Record<string, string>>) => Promise<void>
  close: () => Promise<void>
}

/** How workerd is run: port, folder of its state, secrets by name, and where its log lines go. */
export interface EngineOptions {
  /** The TCP port; 0 chooses a free one. */
  port: number
  /** The state directory. */
  state: string
  /** Secrets of the environment, by name; those of .dev.vars win. */
  secrets: Readonly<Record<string, string>>
  /** Receives each line that the Worker logs. */
  writeLog: (line: string) => void
}

/** Starts it; bindings and secrets are those of wrangler.toml and .dev.vars, and `secrets`. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  await checkPort(options.port)
  const [modules, { Miniflare, convertV4MiniflareOptions, NoOpLog }] = await Promise.all([
    buildModules(),
    import('miniflare'),
  ])
  const log = new NoOpLog()
  const configure = async (
    port: number,
    secrets: EngineOptions['secrets'],
  ): Promise<ReturnType<typeof convertV4MiniflareOptions>> =>
    convertV4MiniflareOptions({
      ...(await toWorkerOptions(modules, { ...options, port, secrets })),
      log,
    })
  const miniflare = new Miniflare(await configure(options.port, options.secrets))
  try {
    const url = (await miniflare.unsafeGetDirectURL(workerName)).origin
    return {
      url,
      kv: async (namespace) =>
        reportingWrites(await miniflare.getKVNamespace(namespace, workerName), () => refresh(url)),
      reload: async (secrets) =>
        miniflare.setOptions(await configure(Number(new URL(url).port), secrets)),
      close: () => miniflare.dispose(),
    }
  } catch (error) {
    await miniflare.dispose()
    throw error
  }
}

/** KV that reports each write. */
function reportingWrites(kv: KeyValue, onWrite: () => Promise<void>): KeyValue {
  return {
    get: (key, options) => kv.get(key, options),
    list: (options) => kv.list(options),
    put: async (key, value, options) => {
      await kv.put(key, value, options)
      await onWrite()
    },
  }
}

async function toWorkerOptions(
  modules: V4ModuleDefinition[],
  { port, state, secrets, writeLog }: EngineOptions,
) {
  const worker = await readWorkerOptions()
  return {
    ...worker,
    name: workerName,
    modules,
    modulesRoot: '/',
    kvNamespaces: { ...localNamespaces },
    // On Cloudflare an account may lack them (wrangler.toml); here they are files in the state directory.
    r2Buckets: { STORE: 'STORE' },
    queueProducers: { BATCH_QUEUE: batchQueue },
    queueConsumers: { [batchQueue]: { maxBatchSize: 4, maxBatchTimeout: 0 } },
    // LOCAL: commands report what they write to KV, and log lines are written in batches. RUN lets ledgers
    // know that an earlier run has ended, and with it the requests that it had in flight.
    bindings: {
      ...secrets,
      ...asObject(worker['bindings']),
      LOCAL: 'on',
      CONSOLE_LOG: 'on',
      RUN: crypto.randomUUID(),
    },
    serviceBindings: {
      ...asObject(worker['serviceBindings']),
      LOCAL_NETWORK: { network: directNetwork() },
    },
    // The default socket goes through a Worker of Miniflare; this one does not.
    unsafeDirectSockets: [{ host, port }],
    resourcePersistencePath: toPersistencePath(state),
    handleStructuredLogs: ({ message }: { message: string }) => writeLog(message),
    cf: false as const,
  }
}

/**
 * The network, without Miniflare's own Worker, which copies the headers of every request. The certificates
 * that Node trusts include those of `NODE_EXTRA_CA_CERTS`.
 */
function directNetwork() {
  return {
    allow: ['public', 'private', '240.0.0.0/4'],
    tlsOptions: { trustBrowserCas: true, trustedCertificates: getCACertificates() },
  }
}

/** Rejects with a clear message if the port is not available; workerd would report it only after its start. */
function checkPort(port: number): Promise<void> {
  return new Promise((settle, refuse) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'is in use' : `is not available (${error.code})`
      refuse(
        new UserError(
          `Port ${port} ${reason}. Choose another with --port, or use --port 0 for any free port.`,
        ),
      )
    })
    server.listen(port, host, () => server.close(() => settle()))
  })
}

/** Reads wrangler.toml and .dev.vars as options for Miniflare. */
async function readWorkerOptions(): Promise<Record<string, unknown>> {
  const { unstable_getMiniflareWorkerOptions: read } = await importWrangler()
  const { workerOptions } = read(join(projectRoot, 'wrangler.toml'))
  // Module rules are not needed, since the modules are already bundled; models behind a binding need an account.
  const { modulesRules: _rules, ai: _ai, ...options } = workerOptions
  return { ...options }
}

/** Builds the modules that a deployment would upload, with the names of functions; the entry comes first. */
export async function buildModules(): Promise<V4ModuleDefinition[]> {
  const folder = await mkdtemp(join(tmpdir(), 'messages-gateway-'))
  try {
    await buildWorker({ folder, minify: false })
    const names = await readdir(folder)
    const modules = names.map(async (name) => ({
      type: 'ESModule' as const,
      path: `/${name}`,
      contents: await readFile(join(folder, name)),
    }))
    const isEntry = ({ path }: { path: string }): number => (path === `/${entryModule}` ? 0 : 1)
    return (await Promise.all(modules)).toSorted((a, b) => isEntry(a) - isEntry(b))
  } catch (error) {
    throw new UserError(`The Worker could not be built.\n${String(error)}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
