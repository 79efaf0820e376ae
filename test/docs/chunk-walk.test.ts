/**
 * The files that a chunk of text passes are those that docs/architecture.md tells. They are measured: V8 counts
 * the calls of each function while an answer is relayed.
 */
import { readFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { posix } from 'node:path'

import { expect, test } from 'vitest'

import type { TargetModel } from '../../src/dialects/dialect.ts'
import { openaiChat } from '../../src/dialects/openai-chat/index.ts'
import { ClientConnection } from '../../src/streaming/client-connection.ts'
import { relay } from '../../src/streaming/relay.ts'
import { createResponseFormat } from '../../src/streaming/response-format.ts'
import { RequestTimers } from '../../src/streaming/timers.ts'
import { decoderOf, loaded } from '../support/loaded.ts'
import '../support/workers-platform.ts'

const minute = 60_000
const encoder = new TextEncoder()

/** A streamed answer of so many chunks, each in a read of its own. */
function toBody(chunks: number): ReadableStream<Uint8Array> {
  const event = { choices: [{ index: 0, delta: { content: 'word ' }, finish_reason: null }] }
  const bytes = encoder.encode(`data: ${JSON.stringify(event)}\n\n`)
  let left = chunks
  return new ReadableStream({
    type: 'bytes',
    pull(controller) {
      left -= 1
      controller.enqueue(left < 0 ? encoder.encode('data: [DONE]\n\n') : bytes.slice())
      if (left < 0) {
        controller.close()
      }
    },
  })
}

/** Relays an answer of so many chunks, as a route does. Returns what the client receives. */
async function relayAnswer(chunks: number): Promise<string> {
  const model: TargetModel = { provider: 'lab', model: 'm', limits: {}, takes: {} }
  const reading = {
    kind: 'translated',
    provider: 'lab',
    dialect: loaded(openaiChat.bind(model, [])),
    createDecoder: decoderOf('sse'),
    context: { toolNames: new Map(), newToolId: () => 'toolu_0' },
    enforceStops: [],
    firstStage: undefined,
    endStage: undefined,
  } as const
  const timeouts = { headMs: minute, firstByteMs: minute, idleMs: minute, totalMs: minute }
  const source = { body: toBody(chunks), isDocument: false, reading, timeouts, sentAt: 0 }
  const estimatedInput = (): number => 1
  const message = { id: 'msg_0', model: 'm', requestId: 'req_0', estimatedInput }
  const opened = await relay(async () => source, createResponseFormat('events', message), {
    client: new ClientConnection(new Request('http://gateway.test')),
    timers: new RequestTimers(() => 0),
    waitUntil: () => undefined,
    pingAfterMs: minute,
    onStart: () => undefined,
    onBodyEnd: () => undefined,
    onContent: () => undefined,
    onSettle: () => undefined,
    onEnd: () => undefined,
  })
  return 'body' in opened ? new Response(opened.body).text() : ''
}

/** How often each function of `src/` is called for an answer of so many chunks, by file, name and place. */
async function countCalls(session: Session, chunks: number): Promise<Map<string, number>> {
  await session.post('Profiler.takePreciseCoverage')
  expect(await relayAnswer(chunks)).toContain('event: message_stop')
  const { result } = await session.post('Profiler.takePreciseCoverage')
  return new Map(
    result.flatMap(({ url, functions }) => {
      const file = /\/(src\/.*\.ts)/.exec(url)?.[1] ?? ''
      return functions.map(({ functionName, ranges: [range] }): [string, number] => [
        `${file} ${functionName} ${range?.startOffset}`,
        range?.count ?? 0,
      ])
    }),
  )
}

/** The files of `src/` with a function that runs for every chunk. */
async function measureFiles(): Promise<string[]> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  const few = await countCalls(session, 100)
  const many = await countCalls(session, 400)
  session.disconnect()
  const perChunk = [...many].filter(([name, calls]) => calls - (few.get(name) ?? 0) >= 300)
  const files = new Set(perChunk.map(([name]) => name.split(' ')[0] ?? ''))
  return [...files].filter((file) => file !== '').toSorted()
}

/** The walk as it is documented: the files of its table, and those that these call. */
function readWalk(): { table: string[]; called: string[] } {
  const page = readFileSync('docs/architecture.md', 'utf8')
  const section = /### A chunk of text(.*?)### /s.exec(page)?.[1] ?? ''
  const filesIn = (lines: string[]): string[] =>
    lines.flatMap((line) => [...line.matchAll(/`(src\/[^`]+\.ts)`/g)].map(([, file = '']) => file))
  const lines = section.split('\n')
  return {
    table: filesIn(lines.filter((line) => line.startsWith('|'))),
    called: filesIn(lines.filter((line) => !line.startsWith('|'))),
  }
}

/** All files that a file imports, directly or not, for more than types. */
function importedBy(file: string, found = new Set<string>()): Set<string> {
  const code = readFileSync(file, 'utf8')
  for (const [, path = ''] of code.matchAll(/^import (?!type)[^']*from '(\.[^']+)'/gm)) {
    const imported = posix.join(posix.dirname(file), path)
    if (!found.has(imported)) {
      found.add(imported)
      importedBy(imported, found)
    }
  }
  return found
}

test('a chunk of text passes at most eight files, those in the table of docs/architecture.md', async () => {
  const { table, called } = readWalk()
  expect(table.length).toBeLessThanOrEqual(8)
  expect(await measureFiles()).toEqual([...table, ...called].toSorted())
})

test('what the files of that table call besides each other leads to none of them', () => {
  const { table, called } = readWalk()
  const leading = called.filter((file) => table.some((next) => importedBy(file).has(next)))
  expect(leading).toEqual([])
})
