import { expect, test } from 'vitest'

import type { Failure } from '../../src/anthropic/error.ts'
import { BodyInput } from '../../src/streaming/body-input.ts'
import { RequestTimers } from '../../src/streaming/timers.ts'
import type { Transcoder } from '../../src/streaming/transcoder.ts'

const mebibyte = 1024 * 1024
const minute = 60_000

/** Reads a body of that many chunks of 1 MiB; returns the failure that the transcoder was given. */
async function readMebibytes(
  count: number,
  form: 'message' | 'events',
): Promise<Failure | undefined> {
  let failure: Failure | undefined
  const transcoder: Transcoder = {
    write: () => '',
    end: () => '',
    fail: (reason) => {
      failure = reason
      return ''
    },
    release: () => '',
    status: { phase: 'pending' },
    delivered: () => ({ usage: undefined, characters: 0, countedCharacters: 0 }),
  }
  const chunk = new Uint8Array(mebibyte)
  const body = new ReadableStream<Uint8Array>()
  const input = new BodyInput(
    {
      body,
      whole: false,
      reading: { provider: 'lab' } as never,
      timeouts: { headMs: minute, firstByteMs: minute, idleMs: minute, totalMs: minute },
      sentAt: 0,
    },
    transcoder,
    { timers: new RequestTimers(() => 0), form, isWaiting: () => true, onStall: () => undefined },
  )
  for (let index = 0; index < count && failure === undefined; index += 1) {
    input.transcode({ done: false, value: chunk })
  }
  input.close()
  return failure
}

test.each([
  ['message', 32],
  ['events', 128],
] as const)(
  'a body read as %s may have %i MiB, and is a failure above that',
  async (form, limit) => {
    expect(await readMebibytes(limit, form)).toBeUndefined()
    expect(await readMebibytes(limit + 1, form)).toMatchObject({
      kind: 'upstream_invalid_response',
    })
  },
)
