/**
 * Many streams at once, of which one in ten meets a fault and one in ten loses its client: every one ends
 * legally, and nothing is left of it.
 */
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Bench } from './bench.ts'
import { begin, done, error, event, finish, refuse, role, text } from './chat.ts'
import { readOutcome } from './outcome.ts'
import type { Script } from './wire.ts'

const words = Array.from({ length: 20 }, (_, at) => `word${at} `)
const whole = `200 ${JSON.stringify(words.join(''))} end_turn`

const faults: readonly { script: Script; outcome: string }[] = [
  { script: (wire) => refuse(wire, 500, error('oops')), outcome: '500 api_error' },
  { script: (wire) => refuse(wire, 400, error('bad')), outcome: '400 invalid_request_error' },
  { script: (wire) => wire.reset(), outcome: '502 api_error' },
  {
    async script(wire) {
      await begin(wire)
      await wire.wait(10)
      wire.reset()
    },
    outcome: '200 "hel" error api_error',
  },
  {
    async script(wire) {
      await begin(wire)
      await wire.send(event(error('Overloaded', { code: 529 })))
      wire.end()
    },
    outcome: '200 "hel" error overloaded_error',
  },
]

/** `soak-fault-N` meets fault N; `soak-long` goes on until it is left. */
export function scriptOfSoak(model: string): Script | undefined {
  const fault = /^soak-fault-(\d+)/.exec(model)?.[1]
  if (fault !== undefined) {
    return faults[Number(fault)]?.script
  }
  return model.startsWith('soak-') ? answer : undefined
}

const answer: Script = async (wire) => {
  wire.head()
  await wire.send(role)
  for (const word of words) {
    await wire.send(text(word))
    await wire.wait(2)
  }
  await wire.send(finish + done)
  wire.end()
}

export interface Soaked {
  ended: number
  /** What was reported that should not have been. */
  wrong: string[]
  /** Requests to the upstream whose connections are still open. */
  open: number
}

/** What is soaked: a gateway, its key, and the upstream behind it. */
export type Soaking = Pick<Bench, 'url' | 'key' | 'ask' | 'upstream'>

/** Runs them; `onEnded` receives the count as it goes. */
export async function soak(
  bench: Soaking,
  { streams, parallel }: { streams: number; parallel: number },
  onEnded: (count: number) => void = () => {},
): Promise<Soaked> {
  const wrong: string[] = []
  let begun = 0
  let ended = 0
  async function work(): Promise<void> {
    while (begun < streams) {
      const at = begun++
      const fault = await run(bench, at).catch(String)
      if (fault !== undefined) {
        wrong.push(fault)
      }
      onEnded((ended += 1))
    }
  }
  await Promise.all(Array.from({ length: parallel }, work))
  const isOpen = (): boolean => bench.upstream.exchanges.some(({ closed }) => !closed)
  for (let waited = 0; isOpen() && waited < 3000; waited += 20) {
    await sleep(20)
  }
  return { ended, wrong, open: bench.upstream.exchanges.filter(({ closed }) => !closed).length }
}

/** One stream; what was wrong with it. */
async function run(bench: Soaking, at: number): Promise<string | undefined> {
  if (at % 10 === 3) {
    await leave(bench, at)
    return undefined
  }
  const kind = at % 10 === 7 ? Math.floor(at / 10) % faults.length : undefined
  const model = kind === undefined ? 'soak-whole' : `soak-fault-${kind}-${at}`
  const expected = kind === undefined ? whole : faults[kind]?.outcome
  const outcome = await readOutcome(await bench.ask(`slow-one/${model}`, { stream: true }))
  return outcome === expected ? undefined : `${model}: ${outcome}`
}

/** Asks, reads a little or nothing, and goes. */
async function leave({ url, key }: Soaking, at: number): Promise<void> {
  const { hostname, port } = new URL(url)
  const socket: Socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  const body = JSON.stringify({
    model: 'slow-one/soak-left',
    max_tokens: 9,
    stream: true,
    messages: [{ role: 'user', content: 'hi' }],
  })
  socket.write(
    `POST /v1/messages HTTP/1.1\r\nhost: gateway\r\nx-api-key: ${key}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  socket.resume()
  await sleep(at % 70)
  socket.resetAndDestroy()
}
