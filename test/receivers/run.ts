/**
 * What real receivers make of the gateway's telemetry: `npm start`'s engine exports to the OpenTelemetry Collector's
 * own receiver, and is scraped by Prometheus's own parser. `npm run test:receivers`, which needs Go.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

import { asArray, asObject, asString } from '../../src/anthropic/json.ts'
import { catalogEntry } from '../../src/catalog/load.ts'
import { startEngine } from '../../src/cli/platform/engine.ts'
import { createKey } from '../../src/keys/store.ts'

const document = {
  version: 1,
  providers: { demo: { preset: 'demo' } },
  models: [
    { id: 'm', targets: [{ provider: 'demo', model: 'demo' }], price: { input: 1, output: 1 } },
  ],
}

const message = { model: 'm', max_tokens: 99, messages: [{ role: 'user', content: 'hello' }] }

const folder = await mkdtemp(join(tmpdir(), 'messages-gateway-receivers-'))
const binary = join(process.env['PKGS'] ?? tmpdir(), 'messages-gateway-receiver')
console.log('building the receivers')
execFileSync('go', ['build', '-o', binary, '.'], { cwd: import.meta.dirname, stdio: 'inherit' })

const address = `127.0.0.1:${await freePort()}`
const collector = spawn(binary, ['collect', address], { stdio: ['ignore', 'pipe', 'inherit'] })
const lines: string[] = []
createInterface({ input: collector.stdout }).on('line', (line) => lines.push(line))
let failed = 0
try {
  await until(() => lines.includes('ready'))
  await judge()
} finally {
  collector.kill('SIGINT')
  await once(collector, 'exit')
  await rm(folder, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1

async function judge(): Promise<void> {
  const engine = await startEngine({
    port: 0,
    state: folder,
    secrets: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${address}`,
      TELEMETRY_SEMCONV: 'both,langfuse',
    },
    writeLog: () => {},
  })
  try {
    const [kv, catalog] = await Promise.all([engine.kv('KEYS'), engine.kv('CATALOG')])
    await catalog.put(catalogEntry, JSON.stringify(document))
    const { key } = await createKey(
      kv,
      {
        name: 'x',
        expires_at: null,
        models: ['*'],
        scopes: ['inference', 'metrics'],
        limits: {},
        metadata: {},
      },
      { now: new Date() },
    )
    const post = (
      path: string,
      body: string | Uint8Array<ArrayBuffer>,
      type = 'application/json',
    ) =>
      fetch(engine.url + path, {
        method: 'POST',
        headers: { 'x-api-key': key, 'content-type': type },
        body,
      })
    await checkTrace(await post('/v1/messages', JSON.stringify(message)))
    await checkClients(post)
    const scrape = await fetch(`${engine.url}/metrics?by=key`, { headers: { 'x-api-key': key } })
    const parsed = execFileSync(binary, ['parse'], { input: await scrape.text() }).toString()
    const families = Object.keys(asObject(JSON.parse(parsed)) ?? {})
    check('Prometheus parses the scrape', families.includes('gateway_tokens_total'))
  } finally {
    await engine.close()
  }
}

async function checkTrace(response: Response): Promise<void> {
  await response.text()
  const traceId = response.headers.get('gateway-trace') ?? ''
  const line = await find((text) => text.includes(traceId))
  const [batch] = asArray(asObject(JSON.parse(line))?.['resourceSpans'])
  const [scope] = asArray(asObject(batch)?.['scopeSpans'])
  const spans = asArray(asObject(scope)?.['spans']).map((span) => asObject(span) ?? {})
  const names = spans.map(({ name }) => asString(name)).join(', ')
  check('the Collector has the trace', names === 'POST /v1/messages, chat m, attempt demo/demo')
  check(
    'with attributes of each convention',
    ['gen_ai.usage.input_tokens', 'llm.token_count.prompt', 'langfuse.user.id'].every((name) =>
      line.includes(name),
    ),
  )
}

type Post = (
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  type?: string,
) => Promise<Response>

/** Telemetry of clients, in JSON and protobuf. */
async function checkClients(post: Post): Promise<void> {
  const attributes = [{ key: 'service.name', value: { stringValue: 'json-client' } }]
  const record = { timeUnixNano: '1', body: { stringValue: 'said' } }
  const scopeLogs = [{ logRecords: [record] }]
  await post(
    '/v1/logs',
    JSON.stringify({ resourceLogs: [{ resource: { attributes }, scopeLogs }] }),
  )
  const inJson = await find((line) => line.includes('json-client'))
  check('a client’s logs in JSON have the key', inJson.includes('gateway.key_id'))
  await post('/v1/traces', protobufTrace('protobuf-client'), 'application/x-protobuf')
  const inProtobuf = await find((line) => line.includes('protobuf-client'))
  check('a client’s trace in protobuf has the key', inProtobuf.includes('gateway.key_id'))
}

/** An `ExportTraceServiceRequest` of one span, whose service has this name. */
function protobufTrace(service: string): Uint8Array<ArrayBuffer> {
  const text = (tag: number, value: string): number[] =>
    field(tag, [...new TextEncoder().encode(value)])
  const attribute = field(1, [...text(1, 'service.name'), ...field(2, text(1, service))])
  const ids = [
    ...field(
      1,
      Array.from({ length: 16 }, () => 1),
    ),
    ...field(
      2,
      Array.from({ length: 8 }, () => 2),
    ),
  ]
  const span = field(2, [...ids, ...text(5, 'work')])
  return new Uint8Array(field(1, [...field(1, attribute), ...field(2, span)]))
}

function field(number: number, content: number[]): number[] {
  return [(number << 3) | 2, content.length, ...content]
}

function check(what: string, holds: boolean): void {
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`)
  failed += holds ? 0 : 1
}

async function find(matches: (line: string) => boolean): Promise<string> {
  await until(() => lines.some(matches))
  return lines.find(matches) ?? ''
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 50) {
    if (waited > 10_000) {
      throw new Error(`not received; so far:\n${lines.join('\n')}`)
    }
    await sleep(50)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
