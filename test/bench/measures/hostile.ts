/** What one key that sends the most expensive bodies costs the others, and what such a body takes of memory. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Client } from '../client.ts'
import { openClient } from '../client.ts'
import type { Figure } from '../figures.ts'
import { limits } from '../figures.ts'
import { hostileBodies } from '../hostile-bodies.ts'
import { residentKib } from '../runtime/process.ts'
import type { Target } from '../target.ts'
import { toModelName } from '../upstream/spec.ts'

/** An answer of a second: what a user waits for is a model, and the gateway's part is what comes on top. */
const answerSpec = { pace: 'slow', chunks: 20 } as const
const connections = 8
const answersEach = 13
/** Connections of the hostile key. */
const attackers = 4
const crowdSize = 8
const plainSpec = { pace: 'coalesced', chunks: 20 } as const

/** `hostile` is a key of its own at the same isolate. */
export async function measureBeside(target: Target, hostile: Target): Promise<Figure[]> {
  const bodies = Object.values(hostileBodies).map((make) =>
    hostile.toRaw(make(toModelName(plainSpec))),
  )
  const quiet = { answers: await timeAnswers(target), plain: await timePlain(target) }
  let isOver = false
  let sent = 0
  const attack = Promise.all(
    Array.from({ length: attackers }, async () => {
      const client = await openClient(hostile.workerd.port)
      while (!isOver) {
        sent += 1
        await sendAny(client, bodies[sent % bodies.length] ?? Buffer.of())
      }
      client.close()
    }),
  )
  const beside = { answers: await timeAnswers(target), plain: await timePlain(target) }
  isOver = true
  await attack
  const note = (kind: 'answers' | 'plain'): string =>
    `p99 ${p99(quiet[kind]).toFixed(0)} ms quiet, ${p99(beside[kind]).toFixed(0)} ms beside ${sent} bodies on ${attackers} connections`
  return [
    {
      name: 'p99 of an answer of a second, beside a hostile key',
      unit: 'x',
      limit: limits.beside,
      value: p99(beside.answers) / p99(quiet.answers),
      note: note('answers'),
    },
    {
      name: 'the same of an immediate answer',
      unit: ' ms',
      value: p99(beside.plain) - p99(quiet.plain),
      note: note('plain'),
    },
  ]
}

/**
 * How many of one key's longest bodies are answered if they are sent at once, in a heap as in production: the
 * isolate must survive, and answer another key meanwhile.
 */
export async function measureCrowd(target: Target, hostile: Target): Promise<Figure> {
  const body = hostileBodies['31 MB of text']?.(toModelName(plainSpec)) ?? {}
  const request = hostile.toRaw(body)
  const crowd = Promise.all(
    Array.from({ length: crowdSize }, async () => {
      const client = await openClient(hostile.workerd.port)
      const status = await sendAny(client, request)
      client.close()
      return status
    }),
  )
  const other = await timePlain(target)
  const answers = await crowd
  const answered = answers.filter((status) => status.includes(' 200 ')).length
  const refused = answers.filter((status) => status.includes(' 529 ')).length
  return {
    name: `bodies of 31 MB answered or refused in order, of ${crowdSize} at once`,
    unit: '',
    value: answered + refused,
    note: `${answered} answered, ${refused} refused with 529; p99 of another key's requests ${p99(other).toFixed(0)} ms`,
  }
}

/**
 * The peak of the whole process over what it had, workerd's own buffers included, beside that of the least
 * Worker that translates. Throws where the isolate does not survive. Wants fresh processes for each body.
 */
export async function measureBody(target: Target, least: Target, name: string): Promise<Figure> {
  const make = hostileBodies[name]
  if (make === undefined) {
    throw new Error(`${name}: not a hostile body`)
  }
  const body = make(toModelName(plainSpec))
  const own = await toPeak(target, body)
  const other = await toPeak(least, body)
  const leastTimes = (other.mebibytes / other.size).toFixed(1)
  return {
    name: `memory of a body: ${name}`,
    unit: ' times',
    value: own.mebibytes / own.size,
    note: `${own.mebibytes.toFixed(0)} MiB of ${own.size.toFixed(1)} MiB; ${own.status}; the least takes ${leastTimes} times`,
  }
}

async function toPeak(
  target: Target,
  body: object,
): Promise<{ mebibytes: number; size: number; status: string }> {
  const request = target.toRaw(body)
  const client = await openClient(target.workerd.port)
  await sendAny(client, target.toRequest(plainSpec, false))
  await sleep(500)
  const before = residentKib(target.workerd.pid)
  const status = await sendAny(client, request)
  const mebibytes = (peakKib(target.workerd.pid) - before) / 1024
  client.close()
  return { mebibytes, size: request.length / 1024 / 1024, status }
}

function peakKib(pid: number): number {
  const [, kib] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kib)
}

/** Sends a request of which any answer is right. Returns the first line of the answer. */
async function sendAny(client: Client, request: Buffer): Promise<string> {
  const { readHead } = await client.send(request)
  return readHead()
}

async function timeAnswers(target: Target): Promise<number[]> {
  const request = target.toRequest(answerSpec, true)
  const times = Array.from({ length: connections }, async () => {
    const client = await openClient(target.workerd.port)
    const own: number[] = []
    for (let answer = 0; answer < answersEach; answer += 1) {
      own.push((await client.send(request)).totalMs)
    }
    client.close()
    return own
  })
  return (await Promise.all(times)).flat()
}

async function timePlain(target: Target): Promise<number[]> {
  const request = target.toRequest(plainSpec, false)
  const client = await openClient(target.workerd.port)
  const times: number[] = []
  for (let count = 0; count < 100; count += 1) {
    times.push((await client.send(request)).totalMs)
  }
  client.close()
  return times
}

function p99(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Infinity
}
