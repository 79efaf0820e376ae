import { expect, test } from 'vitest'

import { ResponseWriter } from '../../src/streaming/response-writer.ts'
import { RequestTimers } from '../../src/streaming/timers.ts'
import '../support/workers-platform.ts'

test('closing a body that the client has canceled is a disconnect, as a failed write is', async () => {
  let body: ReadableStream<Uint8Array> | undefined
  const writer = new ResponseWriter({
    timers: new RequestTimers(() => 0),
    onOpen: (readable) => {
      body = readable
    },
  })
  const written = writer.write('event')
  await body?.getReader().cancel()
  await written?.catch(() => {})
  await expect(writer.close()).rejects.toThrow()
  expect(writer.isBroken).toBe(true)
})
