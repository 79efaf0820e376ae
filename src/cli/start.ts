/** `npm start`: the gateway on this machine, ready to be asked. */
import { relative } from 'node:path'

import { Command, InvalidArgumentError } from 'commander'

import { catalogEntry } from '../catalog/load.ts'
import { createKey } from '../keys/store.ts'
import { defaultCatalogFile, listedIds } from './catalog/catalog-file.ts'
import { modelsDevUrl } from './catalog/models-dev.ts'
import { claudeCodeLine } from './first-run/claude-code-line.ts'
import { describeModels } from './first-run/models-table.ts'
import type { ServedCatalog } from './first-run/served-catalog.ts'
import { readServedCatalog, workerSecrets } from './first-run/served-catalog.ts'
import { watchConfiguration } from './first-run/watch-configuration.ts'
import type { Engine } from './platform/engine.ts'
import { startEngine } from './platform/engine.ts'
import { defaultState } from './platform/local-state.ts'
import { runToEnd, UserError } from './platform/stop.ts'

interface Options {
  port: number
  catalog: string
  state: string
  json?: boolean
  discover: boolean
  modelsDev: string
}

/** The demo key's, so that a folder that is started daily does not fill with keys. */
const keyDays = 30

const program = new Command('npm start --')
  .description('Runs the gateway on 127.0.0.1 in workerd, with local KV and a fresh key.')
  .option('--port <number>', '0 takes any that is free', toPort, 8787)
  .option('--catalog <file>', 'the catalog to serve, and nothing beside it')
  .option('--state <dir>', 'where local KV lives', defaultState)
  .option('--no-discover', 'serve the catalog alone, without models found on this machine')
  .option('--models-dev <url>', 'where limits and prices are looked up', modelsDevUrl)
  .option('--json', 'print one line {"url","key"} once it is ready, and nothing else')
  .action((options: Options & { catalog?: string }) =>
    runToEnd(() =>
      start({
        ...options,
        catalog: options.catalog ?? defaultCatalogFile,
        // Who names a catalog has said what is to be served.
        discover: options.discover && options.catalog === undefined,
      }),
    ),
  )

await program.parseAsync()

async function start(options: Options): Promise<void> {
  const parent = process.ppid
  const served = await readServedCatalog(options)
  const { port, state } = options
  const secrets = await workerSecrets(served.catalog)
  const engine = await startEngine({
    port,
    state,
    secrets,
    writeLog: (line) => console.error(line),
  })
  endOnSignals(engine, parent)
  try {
    const catalogKv = await engine.kv('CATALOG')
    await catalogKv.put(catalogEntry, served.text)
    const key = await makeKey(engine)
    await warmUp(engine)
    const { url } = engine
    console.log(
      options.json === true ? JSON.stringify({ url, key }) : greet(options, served, { url, key }),
    )
    watchConfiguration(options, engine)
  } catch (error) {
    await engine.close()
    throw error
  }
}

/**
 * Ends workerd, then this process. Miniflare listens too, so that neither outlives the other while it
 * starts, but exits as if it had failed.
 */
function endOnSignals(engine: Engine, parent: number): void {
  const end = (): void => void engine.close().finally(() => process.exit(0))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.removeAllListeners(signal)
    // Once: a second signal does not wait.
    process.once(signal, end)
  }
  if (process.env['npm_lifecycle_event'] !== undefined) {
    // npm hands a SIGTERM to the shell between it and us, and that does not hand it on.
    const watch = setInterval(() => {
      if (process.ppid !== parent) {
        clearInterval(watch)
        end()
      }
    }, 250)
  }
}

async function makeKey(engine: Engine): Promise<string> {
  const now = new Date()
  const { key } = await createKey(
    await engine.kv('KEYS'),
    {
      name: 'npm start',
      expires_at: new Date(now.getTime() + keyDays * 86_400_000).toISOString(),
      models: ['*'],
      scopes: ['inference'],
      limits: {},
      metadata: {},
    },
    { now, forget: true },
  )
  return key
}

/** The first request of an isolate runs its global scope; a Worker that cannot start fails here, not at the first client. */
async function warmUp({ url }: Engine): Promise<void> {
  const response = await fetch(`${url}/health`)
  const text = await response.text()
  if (!response.ok) {
    throw new UserError(`The gateway started, but is not well: ${response.status} ${text}`)
  }
}

function greet(
  { catalog: file, state }: Options,
  { catalog, best, notes }: ServedCatalog,
  { url, key }: { url: string; key: string },
): string {
  const model = best?.id ?? listedIds(catalog)[0] ?? 'MODEL'
  const body = `{"model":"${model}","max_tokens":256,"messages":[{"role":"user","content":"Hello"}]}`
  return `
messages-gateway is ready at ${url}

  key      ${key}   (${keyDays} days)
  catalog  ${shorten(file)}
  state    ${shorten(state)}

${describeModels(catalog)}
${notes.map((note) => `\n${note}`).join('')}
curl ${url}/v1/messages -H 'x-api-key: ${key}' -H 'content-type: application/json' -d '${body}'

${claudeCodeLine(catalog, { url, key, model })}

Ctrl-C ends it.`
}

/** Relative where it is inside the folder that the command runs in. */
function shorten(path: string): string {
  const short = relative('', path)
  return short.startsWith('..') ? path : short
}

function toPort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('must be a number from 0 to 65535.')
  }
  return port
}
