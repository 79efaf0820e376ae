/** `npm start`: the gateway on this machine, ready to be asked. */
import { relative } from 'node:path'

import { Command, InvalidArgumentError } from 'commander'

import { catalogEntry } from '../catalog/load.ts'
import { resolveModel } from '../catalog/resolve.ts'
import type { Catalog } from '../catalog/schema.ts'
import { createKey } from '../keys/store.ts'
import { defaultCatalogFile, listedIds, readCatalogFile } from './catalog/catalog-file.ts'
import type { Engine } from './platform/engine.ts'
import { startEngine } from './platform/engine.ts'
import { defaultState } from './platform/local-state.ts'
import { runToEnd, UserError } from './platform/stop.ts'

interface Options {
  port: number
  catalog: string
  state: string
  json?: boolean
}

/** The demo key's, so that a folder that is started daily does not fill with keys. */
const keyDays = 30

const program = new Command('npm start --')
  .description('Runs the gateway on 127.0.0.1 in workerd, with local KV and a fresh key.')
  .option('--port <number>', '0 takes any that is free', toPort, 8787)
  .option('--catalog <file>', 'the catalogue to serve', defaultCatalogFile)
  .option('--state <dir>', 'where local KV lives', defaultState)
  .option('--json', 'print one line {"url","key"} once it is ready, and nothing else')
  .action((options: Options) => runToEnd(() => start(options)))

await program.parseAsync()

async function start(options: Options): Promise<void> {
  const parent = process.ppid
  const { text, catalog } = await readCatalogFile(options.catalog)
  const { port, state } = options
  const engine = await startEngine({ port, state, writeLog: (line) => console.error(line) })
  endOnSignals(engine, parent)
  try {
    const catalogKv = await engine.kv('CATALOG')
    await catalogKv.put(catalogEntry, text)
    const key = await makeKey(engine)
    await warmUp(engine)
    const { url } = engine
    console.log(
      options.json === true ? JSON.stringify({ url, key }) : greet(options, catalog, { url, key }),
    )
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
  catalog: Catalog,
  { url, key }: { url: string; key: string },
): string {
  const ids = listedIds(catalog)
  const model = ids[0] ?? 'MODEL'
  const body = `{"model":"${model}","max_tokens":256,"messages":[{"role":"user","content":"Hello"}]}`
  // Claude Code names a Claude model unless it is told of another.
  const choice = resolveModel(catalog, 'claude-sonnet-5') === undefined ? ` --model ${model}` : ''
  return `
messages-gateway is ready at ${url}

  key        ${key}   (${keyDays} days)
  models     ${ids.join(', ')}
  catalogue  ${shorten(file)}
  state      ${shorten(state)}

curl ${url}/v1/messages -H 'x-api-key: ${key}' -H 'content-type: application/json' -d '${body}'

ANTHROPIC_BASE_URL=${url} ANTHROPIC_AUTH_TOKEN=${key} claude${choice}

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
