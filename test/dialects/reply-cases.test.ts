/**
 * Golden answers of all dialects: what an upstream answered (`3-reply`), and what the client gets for
 * it (`4-answer`), as events or as one message, as the client asked. Wherever the bytes are cut, the
 * answer is the same.
 */
import { describe, expect, test } from 'vitest'

import { toErrorBody, toErrorReply } from '../../src/anthropic/error-reply.ts'
import type { Received } from '../recordings/support/received.ts'
import { receivePieces, receiveWhole } from '../recordings/support/received.ts'
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
  const target = { dialect, ...targets[`${folder}/0-target.json`] }
  const { dialect: bound, upstream: sent, createStage } = translate(client, target)
  const upstream = { ...sent, createStage }

  test('the answer of a case is translated as in its golden', async () => {
    const isStream = client.stream === true
    const answer = isStream
      ? receivePieces(bytes, bound, [bytes.length], upstream)
      : toText(receiveWhole(bytes, bound, upstream))
    await expect(answer).toMatchFileSnapshot(`${folder}/4-answer.${isStream ? 'sse' : 'json'}`)
  })

  test.each([1, 2, 3, 7, 64])(
    'the answer of a case is translated identically when split into %d bytes',
    (length) => {
      const whole = receivePieces(bytes, bound, [bytes.length], upstream)
      expect(receivePieces(bytes, bound, [length], upstream)).toBe(whole)
    },
  )
})

function toText({ message, failure }: Received): string {
  const body = failure === undefined ? message : toErrorBody(toErrorReply(failure), 'req_0')
  return `${JSON.stringify(body, null, 2)}\n`
}
