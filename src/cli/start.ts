/** `npm start`: runs the gateway on this machine. */
import { relative } from 'node:path'

import { InvalidArgumentError } from 'commander'

import { catalogEntry } from '../catalog/load.ts'
import { createEntryCode } from '../identity/entry-link.ts'
import { sessionMs } from '../identity/session.ts'
import { hashKey } from '../keys/key.ts'
import { createKey } from '../keys/store.ts'
import { defaultCatalogFile, listedIds } from './catalog/catalog-file.ts'
import { modelsDevUrl } from './catalog/models-dev.ts'
import type { ServedCatalog } from './first-run/served-catalog.ts'
import { readServedCatalog, workerSecrets } from './first-run/served-catalog.ts'
import { startDemoIssuer } from './first-run/sign-in/demo-issuer.ts'
import { claudeCodeLine, describeModels } from './first-run/start-message.ts'
import { watchConfiguration } from './first-run/watch-configuration.ts'
import type { Engine } from './platform/engine.ts'
import { startEngine } from './platform/engine.ts'
import { defaultState } from './platform/local-state.ts'
import { createProgram, runProgram, UserError } from './platform/run-command.ts'
import { noteRunning, noteStopped } from './platform/running-gateway.ts'

interface Options {
  port: number
  catalog: string
  state: string
  json?: boolean
  signIn?: boolean
  exampleData?: boolean
  discover: boolean
  modelsDev: string
}

/** The lifetime of the key created at each start, so that keys do not accumulate. */
const keyDays = 30

const program = createProgram(
  'npm start --',
  'Runs the gateway on 127.0.0.1 in workerd, with local KV and a new key.',
)
  .option('--port <number>', 'the port; 0 chooses a free one', toPort, 8787)
  .option('--catalog <file>', 'the catalog to serve, and nothing else')
  .option('--state <dir>', 'directory of the local KV', defaultState)
  .option(
    '--no-discover',
    'serve the catalog alone, without models that are discovered on this machine',
  )
  .option('--models-dev <url>', 'where limits and prices are looked up', modelsDevUrl)
  .option('--sign-in', 'try sign-in at a demo provider, where you choose who signs in')
  .option(
    '--example-data',
    'write groups, keys and a month of usage, to see what the console shows',
  )
  .option('--json', 'print only one line, {"url","key","console"}, when it is ready')
  .action((options: Options & { catalog?: string }) =>
    start({
      ...options,
      catalog: options.catalog ?? defaultCatalogFile,
      // A catalog that is given explicitly is served without discovered models.
      discover: options.discover && options.catalog === undefined,
    }),
  )

await runProgram(program)

async function start(options: Options): Promise<void> {
  const parent = process.ppid
  const demoIssuer = options.signIn === true ? await startDemoIssuer() : undefined
  const sources = { ...options, demoIssuer }
  const served = await readServedCatalog(sources)
  const { port, state } = options
  const secrets = await workerSecrets(served.catalog)
  const engine = await startEngine({
    port,
    state,
    secrets,
    writeLog: (line) => console.error(line),
  })
  endOnSignals(engine, { parent, state })
  try {
    const catalogKv = await engine.kv('CATALOG')
    await catalogKv.put(catalogEntry, served.text)
    const key = await makeKey(engine)
    const adminKey = await makeOperatorKey(engine)
    const consoleUrl = await makeConsoleLink(engine, adminKey)
    await warmUp(engine)
    const { url } = engine
    if (options.exampleData === true) {
      const { writeExampleData } = await import('./first-run/example-data.ts')
      await writeExampleData(await engine.kv('KEYS'), { url, adminKey, now: new Date() })
    }
    await noteRunning(state, url)
    console.log(
      options.json === true
        ? JSON.stringify({ url, key, console: consoleUrl })
        : greet(options, served, { url, key, consoleUrl }),
    )
    watchConfiguration(sources, engine)
  } catch (error) {
    await engine.close()
    throw error
  }
}

/**
 * Ends workerd, then this process, on a signal. Replaces the signal handlers of Miniflare, which exit
 * with a failure code.
 */
function endOnSignals(engine: Engine, { parent, state }: { parent: number; state: string }): void {
  const close = (): Promise<unknown> => Promise.all([noteStopped(state), engine.close()])
  const end = (): void => void close().finally(() => process.exit(0))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.removeAllListeners(signal)
    // `once`: a second signal ends the process without waiting.
    process.once(signal, end)
  }
  if (process.env['npm_lifecycle_event'] !== undefined) {
    // npm sends SIGTERM to the shell that runs this process, which does not forward it.
    const watch = setInterval(() => {
      if (process.ppid !== parent) {
        clearInterval(watch)
        end()
      }
    }, 250)
  }
}

async function makeKey(engine: Engine): Promise<string> {
  const lifetimeMs = keyDays * 86_400_000
  return createOwnKey(engine, { name: 'npm start', scopes: ['inference'], lifetimeMs })
}

/** The key whose rights the link into the console has. It is not printed. */
function makeOperatorKey(engine: Engine): Promise<string> {
  const scopes = ['admin', 'inference']
  return createOwnKey(engine, { name: 'npm start operator', scopes, lifetimeMs: sessionMs })
}

/** A link that signs its reader in to the console with the rights of a key. */
async function makeConsoleLink(engine: Engine, key: string): Promise<string> {
  const code = await createEntryCode(await engine.kv('KEYS'), await hashKey(key), new Date())
  return `${engine.url}/console/enter#${code}`
}

async function createOwnKey(
  engine: Engine,
  { name, scopes, lifetimeMs }: { name: string; scopes: string[]; lifetimeMs: number },
): Promise<string> {
  const now = new Date()
  const { key } = await createKey(
    await engine.kv('KEYS'),
    {
      name,
      expires_at: new Date(now.getTime() + lifetimeMs).toISOString(),
      models: ['*'],
      scopes,
      limits: {},
      metadata: {},
    },
    { now, forget: true },
  )
  return key
}

/** Sends the first request, which runs the global scope: a Worker that cannot start fails here, not at the first client. */
async function warmUp({ url }: Engine): Promise<void> {
  const response = await fetch(`${url}/health`)
  const text = await response.text()
  if (!response.ok) {
    throw new UserError(
      `The gateway started, but its health check failed: ${response.status} ${text}`,
    )
  }
}

function greet(
  { catalog: file, state, signIn }: Options,
  { catalog, best, notes }: ServedCatalog,
  { url, key, consoleUrl }: { url: string; key: string; consoleUrl: string },
): string {
  const model = best?.id ?? listedIds(catalog)[0] ?? 'MODEL'
  const body = `{"model":"${model}","max_tokens":256,"messages":[{"role":"user","content":"Hello"}]}`
  return `
messages-gateway is ready at ${url}

  key      ${key}   (${keyDays} days)
  console  ${consoleUrl}   (once, within ten minutes)
  catalog  ${shorten(file)}
  state    ${shorten(state)}

${describeModels(catalog)}
${notes.map((note) => `\n${note}\n`).join('')}
First request:
curl ${url}/v1/messages -H 'x-api-key: ${key}' -H 'content-type: application/json' -d '${body}'

Claude Code:
${claudeCodeLine(catalog, { url, key, model })}
${signIn === true ? `\nSign-in:\nnpm run login -- ${url}\n` : ''}
Press Ctrl-C to stop.`
}

/** Makes a path relative if it is inside the working directory. */
function shorten(path: string): string {
  const short = relative('', path)
  return short.startsWith('..') ? path : short
}

function toPort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('must be an integer from 0 to 65535.')
  }
  return port
}
