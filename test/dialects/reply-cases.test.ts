/**
 * Golden answers of all dialects: what an upstream answered (`3-reply`), and what the client gets for
 * it (`4-answer`), as events or as one message, as the client asked. Wherever the bytes are cut, the
 * answer is the same.
 */
import { describe, expect, test } from 'vitest'

import { toErrorBody, toErrorReply } from '../../src/anthropic/error.ts'
import { foldMessage } from '../../src/anthropic/fold.ts'
import type { ReencoderOptions } from '../../src/upstream/reencoder.ts'
import { createReencoder, readWhole } from '../../src/upstream/reencoder.ts'
import type { RequestTarget } from '../support/translate.ts'
import { translate } from '../support/translate.ts'

const replies = import.meta.glob<string>('../cases/*/*/3-reply.{sse,json}', {
  eager: true,
  import: 'default',
  query: '?raw',
})
const clients = import.meta.glob<string>('../cases/*/*/1-client.json', {
  eager: true,
  import: 'default',
  query: '?raw',
})
const targets = import.meta.glob<RequestTarget>('../cases/*/*/0-target.json', {
  eager: true,
  import: 'default',
})

describe.each(Object.entries(replies))('%s', (path, reply) => {
  const folder = path.slice(0, path.lastIndexOf('/'))
  const bytes = new TextEncoder().encode(reply)

  const client: { stream?: boolean } = JSON.parse(clients[`${folder}/1-client.json`] ?? '')
  const dialect = folder.split('/').at(-2) ?? ''
  const options = toOptions(client, { dialect, ...targets[`${folder}/0-target.json`] })

  test('is told as recorded', async () => {
    const isStream = client.stream === true
    const answer = isStream ? tellPieces(bytes, options, bytes.length) : tellWhole(bytes, options)
    await expect(answer).toMatchFileSnapshot(`${folder}/4-answer.${isStream ? 'sse' : 'json'}`)
  })

  test.each([1, 2, 3, 7, 64])('is told the same in pieces of %d bytes', (length) => {
    const whole = tellPieces(bytes, options, bytes.length)
    expect(tellPieces(bytes, options, length)).toBe(whole)
  })
})

function tellPieces(bytes: Uint8Array, options: ReencoderOptions, length: number): string {
  const reencoder = createReencoder(withIds(options))
  let text = ''
  for (let start = 0; start < bytes.length; start += length) {
    text += reencoder.feed(bytes.subarray(start, start + length))
  }
  return text + reencoder.finish()
}

function tellWhole(bytes: Uint8Array, options: ReencoderOptions): string {
  const { events, answer } = readWhole(bytes, withIds(options))
  const body =
    answer.failure === undefined
      ? foldMessage(events)
      : toErrorBody(toErrorReply(answer.failure), options.requestId)
  return `${JSON.stringify(body, null, 2)}\n`
}

function toOptions(client: object, target: RequestTarget): ReencoderOptions {
  const { dialect, upstream } = translate(client, target)
  return {
    dialect,
    provider: target.preset ?? 'lab',
    context: { toolNames: upstream.toolNames, newToolId: () => 'toolu_' },
    id: 'msg_0',
    model: 'claude-sonnet-4-6',
    requestId: 'req_0',
    estimatedInput: () => 100,
    enforceStops: upstream.enforceStops,
  }
}

/** Ids that are the same in every telling. */
function withIds(options: ReencoderOptions): ReencoderOptions {
  let ids = 0
  const newToolId = (): string => `toolu_${ids++}`
  return { ...options, context: { ...options.context, newToolId } }
}
