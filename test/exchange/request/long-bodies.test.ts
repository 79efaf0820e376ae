import { describe, expect, test } from 'vitest'

import { GatewayError } from '../../../src/anthropic/error.ts'
import type { BodyHold } from '../../../src/exchange/request/long-bodies.ts'
import { LongBodies, longBodyBounds } from '../../../src/exchange/request/long-bodies.ts'

const mebibyte = 1024 * 1024

/** An isolate whose time passes only while a request waits for it. */
class Isolate {
  #now = 1_000_000
  #sleeping: { until: number; wake: () => void }[] = []
  readonly bodies = new LongBodies(
    () => this.#now,
    (ms) => new Promise((wake) => this.#sleeping.push({ until: this.#now + ms, wake })),
  )

  /** Starts to wait for a body; `state` says how that went. */
  ask(keyId: string, mebibytes: number): Request {
    return new Request(this.bodies.open(keyId), mebibytes * mebibyte)
  }

  async pass(ms: number): Promise<void> {
    for (const end = this.#now + ms; this.#now < end;) {
      this.#now += 5
      const due = this.#sleeping.filter(({ until }) => until <= this.#now)
      this.#sleeping = this.#sleeping.filter((sleeper) => !due.includes(sleeper))
      due.forEach(({ wake }) => wake())
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** Cancels every request that waits now. */
  cancelWaiting(): void {
    this.#sleeping = []
  }
}

class Request {
  state: 'waiting' | 'admitted' | 'refused' = 'waiting'
  failure: unknown
  readonly hold: BodyHold

  constructor(hold: BodyHold, byteLength: number) {
    this.hold = hold
    hold.grow(byteLength).then(
      () => (this.state = 'admitted'),
      (error: unknown) => {
        this.state = 'refused'
        this.failure = error
      },
    )
  }
}

const states = (requests: readonly Request[]): string[] => requests.map(({ state }) => state)

describe('long bodies in an isolate', () => {
  test('long bodies in an isolate are admitted at once while they fit', async () => {
    const isolate = new Isolate()
    const requests = [isolate.ask('a', 8), isolate.ask('a', 8), isolate.ask('b', 16)]
    await isolate.pass(5)
    expect(states(requests)).toEqual(['admitted', 'admitted', 'admitted'])
  })

  test('long bodies in an isolate of one key wait once they exceed its share, and leave space for other keys', async () => {
    const isolate = new Isolate()
    const [first, second] = [isolate.ask('a', 31), isolate.ask('a', 31)]
    const other = isolate.ask('b', 4)
    await isolate.pass(100)
    expect(states([first, second, other])).toEqual(['admitted', 'waiting', 'admitted'])
    first.hold.release()
    await isolate.pass(31 * longBodyBounds.pauseMsPerMebibyte - 50)
    expect(second.state).toBe('waiting')
    await isolate.pass(100)
    expect(second.state).toBe('admitted')
  })

  test('long bodies in an isolate of all keys wait once they exceed what the isolate can hold', async () => {
    const isolate = new Isolate()
    const requests = ['a', 'b', 'c', 'd'].map((keyId) => isolate.ask(keyId, 16))
    await isolate.pass(50)
    expect(states(requests)).toEqual(['admitted', 'admitted', 'admitted', 'waiting'])
    requests[0]?.hold.release()
    await isolate.pass(50)
    expect(requests[3]?.state).toBe('admitted')
  })

  test('long bodies in an isolate are admitted in order of arrival, so that small ones do not delay a large one forever', async () => {
    const isolate = new Isolate()
    const before = [isolate.ask('a', 16), isolate.ask('b', 16), isolate.ask('c', 15)]
    await isolate.pass(5)
    const large = isolate.ask('d', 16)
    await isolate.pass(50)
    const small = isolate.ask('e', 1.5)
    before[2]?.hold.release()
    await isolate.pass(50)
    expect(states([large, small])).toEqual(['admitted', 'waiting'])
  })

  test('long bodies in an isolate that waited for ten seconds are refused as overloaded, with a time to retry', async () => {
    const isolate = new Isolate()
    const [, second] = [isolate.ask('a', 31), isolate.ask('a', 31)]
    await isolate.pass(longBodyBounds.waitMs - 100)
    expect(second?.state).toBe('waiting')
    await isolate.pass(200)
    expect(second?.failure).toBeInstanceOf(GatewayError)
    expect(second?.failure).toMatchObject({ failure: { kind: 'overloaded', retryAfter: 5 } })
  })

  test('long bodies in an isolate are refused at once if too many wait already', async () => {
    const isolate = new Isolate()
    const requests = Array.from({ length: longBodyBounds.waiting + 2 }, () => isolate.ask('a', 31))
    await isolate.pass(5)
    expect(states(requests.slice(0, 2))).toEqual(['admitted', 'waiting'])
    expect(requests.at(-1)?.state).toBe('refused')
  })

  test('long bodies in an isolate of canceled requests are forgotten: waiting ones after seconds, held ones after a minute', async () => {
    const isolate = new Isolate()
    const [first] = [isolate.ask('a', 31), isolate.ask('a', 31)]
    await isolate.pass(50)
    isolate.cancelWaiting()
    first?.hold.release()
    await isolate.pass(5_100)
    const next = isolate.ask('a', 31)
    await isolate.pass(50)
    expect(next.state).toBe('admitted')
    await isolate.pass(longBodyBounds.heldMs)
    const last = isolate.ask('a', 31)
    await isolate.pass(50)
    expect(last.state).toBe('admitted')
  })

  test('bodies of up to a mebibyte never wait', async () => {
    const isolate = new Isolate()
    const requests = [
      isolate.ask('a', 31),
      ...Array.from({ length: 200 }, () => isolate.ask('a', 1)),
    ]
    await isolate.pass(5)
    expect(new Set(states(requests))).toEqual(new Set(['admitted']))
  })

  test('long bodies in an isolate whose length is known later give back what they do not need', async () => {
    const isolate = new Isolate()
    const streamed = isolate.ask('a', 32)
    await isolate.pass(5)
    streamed.hold.shrink(2 * mebibyte)
    const next = isolate.ask('a', 14)
    await isolate.pass(50)
    expect(next.state).toBe('admitted')
  })

  test('a long body that grows is counted once', async () => {
    const isolate = new Isolate()
    const growing = isolate.ask('a', 2)
    await isolate.pass(5)
    await growing.hold.grow(16 * mebibyte)
    const next = isolate.ask('a', 2)
    await isolate.pass(50)
    expect(next.state).toBe('waiting')
  })
})
