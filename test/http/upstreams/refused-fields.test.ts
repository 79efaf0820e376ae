/** A request with a field that its upstream refuses is retried without it, and later ones omit it. */
import { expect, test } from 'vitest'

import { chatStream, createHarness, delta } from '../../support/app.ts'

const question = { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] }

/** Refuses that field, by name. */
function picky(field: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const body: object = await request.json()
    const message = `Unsupported parameter: '${field}' is not supported with this model.`
    return field in body
      ? Response.json({ error: { message, param: field } }, { status: 400 })
      : chatStream(delta({ content: 'one STOP two' }), delta({}, 'stop'))
  }
}

test('a rejected field is omitted, reported, and not sent again', async () => {
  const { request, sent } = await createHarness({ upstream: picky('temperature') })
  const json = { ...question, temperature: 0.2, stream: true }
  const first = await request('/v1/messages', { json })
  expect(first.status).toBe(200)
  expect(first.headers.get('gateway-adapted')).toBe('"temperature";drop')
  expect(sent.map(({ body }) => Object(body).temperature)).toEqual([0.2, undefined])
  const second = await request('/v1/messages', { json })
  expect(second.headers.get('gateway-adapted')).toBe('"temperature";drop')
  expect(sent).toHaveLength(3)
})

test('a rejected field is an error in strict mode', async () => {
  const { request, sent } = await createHarness({ upstream: picky('temperature') })
  const json = { ...question, temperature: 0.2 }
  const response = await request('/v1/messages', { json, headers: { 'gateway-strict': '?1' } })
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('temperature: not supported by chat/up')
  expect(sent).toHaveLength(1)
})

test('a rejected max_tokens is sent as max_completion_tokens, and reports nothing lost', async () => {
  const { request, sent } = await createHarness({ upstream: picky('max_tokens') })
  const response = await request('/v1/messages', { json: { ...question, stream: true } })
  expect(response.headers.get('gateway-adapted')).toBeNull()
  expect(sent[1]?.body).toMatchObject({ max_completion_tokens: 100 })
})

test('rejected stop sequences are enforced by the gateway', async () => {
  const { request } = await createHarness({ upstream: picky('stop') })
  const json = { ...question, stream: true, stop_sequences: ['STOP'] }
  const text = await (await request('/v1/messages', { json })).text()
  expect(text).toContain('"stop_reason":"stop_sequence","stop_sequence":"STOP"')
  expect(text).not.toContain('two')
})

test('a field that is still rejected when omitted is tried twice, and nothing is remembered', async () => {
  const { request, sent } = await createHarness({
    upstream: () =>
      Response.json(
        { error: { message: "Unsupported parameter: 'temperature'" } },
        { status: 400 },
      ),
  })
  const json = { ...question, temperature: 0.2 }
  expect((await request('/v1/messages', { json })).status).toBe(400)
  expect(sent).toHaveLength(2)
  await request('/v1/messages', { json })
  expect(sent).toHaveLength(4)
})
