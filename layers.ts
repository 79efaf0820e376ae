/**
 * The layers of `src/`, lowest first. A room imports itself and rooms above it in this list, type-only
 * imports included. `npm run layers` writes the lint rules that follow from it (.oxlintrc.layers.json), and
 * test/layers/ proves the rest: real paths, no circles, no vendor's name outside its file.
 */
export interface Layer {
  /** A folder of `src/`; a folder within another one comes first if it has stricter rules. */
  room: string
  holds: string
  /** Whether the room has neither a clock, randomness, timers nor network: everything is an argument. */
  isPure: boolean
  /** Packages and platform modules that this room alone may import. */
  owns: readonly string[]
}

function layer(room: string, holds: string, rules: Partial<Layer> = {}): Layer {
  return { room, holds, isPure: false, owns: [], ...rules }
}

export const layers: readonly Layer[] = [
  layer('platform', 'what every room may use: bytes, bounded caches, the types of KV and fetch', {
    isPure: true,
    owns: ['cloudflare:workers'],
  }),
  layer('anthropic', 'the protocol that is served: schemas, parts, writer, errors', {
    isPure: true,
  }),
  layer('tokens', 'the token estimator', { isPure: true }),
  layer('context', 'edits of a conversation’s context, and its compaction', { isPure: true }),
  layer('documents', 'the text of PDFs', { isPure: true, owns: ['unpdf', 'unpdf/*'] }),
  layer('citations', 'citations of documents: passages, the stage that reads cite tags', {
    isPure: true,
  }),
  layer('safeguards', 'the safety check of tool calls: question, verdicts', { isPure: true }),
  layer('dialects', 'one folder per upstream protocol; shared/ for what they have in common', {
    isPure: true,
  }),
  layer('streaming', 'upstream bytes to client bytes: framing, transcoding, relay, timers'),
  layer('alerts', 'what operators are alerted of, and webhooks that say it'),
  layer('telemetry', 'traces: spans as OTLP, where they are sent, the trace of a request'),
  layer('upstream', 'sending a request: fetch, credentials'),
  layer('demo', 'the demo provider: a server that speaks the protocols of providers'),
  layer('server-tools', 'tools run in the place of Anthropic’s servers; one back end, one file', {
    owns: ['@modelcontextprotocol/client'],
  }),
  layer('providers', 'presets as data: one file per vendor', { isPure: true }),
  layer('catalog', 'the catalog: schema, validation, resolution of model names, versions', {
    owns: ['cloudflare:workers'],
  }),
  layer('keys', 'gateway keys: records, authentication, audit log'),
  layer('ledger', 'limits, budgets and usage of a key: rules, storage, one Durable Object', {
    owns: ['cloudflare:workers'],
  }),
  layer('store', 'objects in R2, and the index of what a key owns: one Durable Object', {
    owns: ['cloudflare:workers'],
  }),
  layer('files', 'files of clients: receiving, finding, use in messages', { owns: ['multipasta'] }),
  layer(
    'identity',
    'sign-in: providers, the device flow, keys of persons, sessions of the console',
    {
      owns: ['cloudflare:workers', 'oauth4webapi'],
    },
  ),
  layer('live-log', 'the latest log lines for the console, in one Durable Object', {
    owns: ['cloudflare:workers'],
  }),
  layer('exchange/policy', 'the order of targets, fail-over, cooldown', { isPure: true }),
  layer('exchange', 'one request until it is over: attempts, repairs, record, metering'),
  layer('console', 'the scripts of the console in the browser, and what pages share with them', {
    owns: ['uplot', '@codemirror/*', '@lezer/*'],
  }),
  layer('batches', 'message batches: splitting, running, results, one Durable Object a batch', {
    owns: ['cloudflare:workers'],
  }),
  layer('http', 'routes and middleware', { owns: ['hono', 'hono/*'] }),
]

/** Files of `src/` above all layers: the Worker's entry. They may import every layer. */
export const entries: readonly string[] = ['index.ts', 'durable-objects.ts']

/** Runs on Node, imports layers, and is imported by none of them. */
export const commands = 'cli'

/** Files that read the clock or randomness for all others. */
export const sources: readonly string[] = [
  'src/index.ts',
  'src/ledger/ledger-object.ts',
  'src/batches/batch-object.ts',
  'src/store/owner-index-object.ts',
  'src/identity/sessions-object.ts',
  'src/identity/sign-in-object.ts',
  'src/catalog/versions/catalog-writer.ts',
  'src/exchange/attempts.ts',
  'src/demo/**',
  'src/console/client/**',
  'src/cli/**',
]
