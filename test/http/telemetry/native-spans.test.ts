/** The platform's spans of requests, however these end. */
import { describe, expect, test } from 'vitest'

import { chatStream, createHarness, delta } from '../../support/app.ts'
import { createTracing } from '../../support/tracing.ts'

const json = {
  model: 'm',
  max_tokens: 9,
  stream: true,
  messages: [{ role: 'user', content: 'x' }],
}

const whole = (): Response => chatStream(delta({ content: 'hello' }, 'stop'))

const cut = (): Response =>
  new Response(`data: ${JSON.stringify(delta({ content: 'twelve chars' }))}\n\n`, {
    headers: { 'content-type': 'text/event-stream' },
  })

async function spansOf(upstream: () => Response, body: object = json) {
  const { tracing, spans } = createTracing()
  const gateway = await createHarness({ tracing, upstream })
  const response = await gateway.request('/v1/messages', { json: body })
  await response.text()
  await gateway.settled()
  return { response, ends: spans.map(({ name, error, ended }) => [name, error, ended]) }
}

describe('spans of a request that the platform traces', () => {
  test('spans of a request that the platform traces are ended once when it is complete, and its answer names the trace', async () => {
    const { response, ends } = await spansOf(whole)
    expect(ends).toEqual([
      ['chat m', undefined, 1],
      ['attempt chat/up', undefined, 1],
    ])
    expect(response.headers.get('gateway-trace')).toBe('a'.repeat(32))
  })

  test('spans of a request that the platform traces are ended once when its stream is truncated', async () => {
    const { ends } = await spansOf(cut)
    expect(ends).toEqual([
      ['chat m', 'api_error', 1],
      ['attempt chat/up', undefined, 1],
    ])
  })

  test('spans of a request that the platform traces are ended once when every attempt fails, and when the gateway itself throws', async () => {
    const failing = await spansOf(() => new Response('no', { status: 503 }))
    expect(failing.ends[0]).toEqual(['chat m', 'overloaded_error', 1])
    expect(failing.ends.map(([, , ended]) => ended)).toEqual(failing.ends.map(() => 1))
    const thrown = await spansOf(() => {
      throw new RangeError('a bug')
    })
    expect(thrown.ends[0]?.[1]).toMatch(/_error$/)
    expect(thrown.ends.map(([, , ended]) => ended)).toEqual(thrown.ends.map(() => 1))
  })

  test('spans of a request that the platform traces are ended once when the request is refused', async () => {
    const { ends } = await spansOf(whole, { ...json, model: 'unknown' })
    expect(ends).toEqual([['chat unknown', 'not_found_error', 1]])
  })

  test('spans of a request that the platform traces are ended once when the client disconnects', async () => {
    const { tracing, spans } = createTracing()
    const { readable, writable } = new IdentityTransformStream()
    const type = { 'content-type': 'text/event-stream' }
    const gateway = await createHarness({
      tracing,
      upstream: () => new Response(readable, { headers: type }),
    })
    const controller = new AbortController()
    const asked = gateway.request('/v1/messages', { json, signal: controller.signal })
    const event = `data: ${JSON.stringify(delta({ content: '12345678' }))}\n\n`
    const written = writable.getWriter().write(new TextEncoder().encode(event))
    const reader = (await asked).body?.getReader()
    await Promise.all([written, reader?.read()])
    controller.abort()
    await gateway.settled()
    expect(spans.map(({ name, error, ended }) => [name, error, ended])).toEqual([
      ['chat m', 'client_disconnected', 1],
      ['attempt chat/up', undefined, 1],
    ])
  })
})

test('of a request that the platform does not trace one span is begun, and nothing is set', async () => {
  const { tracing, spans } = createTracing(false)
  const gateway = await createHarness({ tracing, upstream: whole })
  const response = await gateway.request('/v1/messages', { json })
  await response.text()
  await gateway.settled()
  expect(spans).toMatchObject([{ attributes: {}, ended: 1 }])
  expect(response.headers.get('gateway-trace')).toBeNull()
})
