import { expect, test } from 'vitest'

import type { Failure } from '../../src/anthropic/error.ts'
import { BodyInput } from '../../src/streaming/body-input.ts'
import { RequestTimers } from '../../src/streaming/timers.ts'

const mebibyte = 1024 * 1024
const minute = 60_000

/** Reads a body of that many chunks of 1 MiB; returns why it cannot be used any more. */
function readMebibytes(count: number, form: 'message' | 'events'): Failure | undefined {
  const input = new BodyInput(
    {
      body: new ReadableStream<Uint8Array>(),
      isDocument: false,
      reading: { provider: 'lab' } as never,
      timeouts: { headMs: minute, firstByteMs: minute, idleMs: minute, totalMs: minute },
      sentAt: 0,
    },
    { timers: new RequestTimers(() => 0), form, isWaiting: () => true, onStall: () => undefined },
  )
  const value = new Uint8Array(mebibyte)
  let failure: Failure | undefined
  for (let index = 0; index < count && failure === undefined; index += 1) {
    failure = input.check({ done: false, value })
  }
  input.close()
  return failure
}

test.each([
  ['message', 32],
  ['events', 128],
] as const)('a body read as %s may have %i MiB, and is a failure above that', (form, limit) => {
  expect(readMebibytes(limit, form)).toBeUndefined()
  expect(readMebibytes(limit + 1, form)).toMatchObject({
    kind: 'upstream_invalid_response',
  })
})
