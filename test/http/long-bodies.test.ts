/** Long bodies wait for space in the isolate, however they are sent. */
import { expect, test } from 'vitest'

import { chatStream, createHarness, delta } from '../support/app.ts'

const mebibyte = 1024 * 1024

const toBody = (mebibytes: number): string =>
  JSON.stringify({
    model: 'm',
    max_tokens: 9,
    messages: [{ role: 'user', content: 'x'.repeat(mebibytes * mebibyte) }],
  })

const answerFine = (): Response => chatStream(delta({ content: 'fine' }), delta({}, 'stop'))

/** An upstream that answers each request when the test says so. */
function createSlowUpstream() {
  const answers: (() => void)[] = []
  const upstream = (): Promise<Response> =>
    new Promise((resolve) => answers.push(() => resolve(answerFine())))
  return { answers, upstream }
}

const forMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) {
    await forMs(10)
  }
}

const transports = {
  'with a content length': (text: string) => ({
    method: 'POST',
    body: text,
    headers: { 'content-length': String(text.length) },
  }),
  'of unknown length': (text: string) => ({ method: 'POST', body: new Blob([text]).stream() }),
  'that is compressed': (text: string) => ({
    method: 'POST',
    body: new Blob([text]).stream().pipeThrough(new CompressionStream('gzip')),
    headers: { 'content-encoding': 'gzip' },
  }),
}

test.each(Object.entries(transports))(
  'a long body %s waits until another of its key is released, and short ones continue',
  async (_, toInit) => {
    const { answers, upstream } = createSlowUpstream()
    const { request, sent } = await createHarness({ upstream })
    const first = request('/v1/messages', toInit(toBody(9)))
    await until(() => answers.length === 1)
    const second = request('/v1/messages', toInit(toBody(9)))
    const short = request('/v1/messages', toInit(toBody(0.1)))
    await until(() => answers.length === 2)
    await forMs(100)
    expect(sent).toHaveLength(2)
    answers.forEach((answer) => answer())
    await (await first).text()
    await (await short).text()
    await until(() => answers.length === 3)
    answers[2]?.()
    expect((await second).status).toBe(200)
  },
)

test('a long body that is refused is released', async () => {
  const { request } = await createHarness({ upstream: () => answerFine() })
  const invalid = `${toBody(20)}]`
  for (let count = 0; count < 3; count += 1) {
    expect((await request('/v1/messages', { method: 'POST', body: invalid })).status).toBe(400)
  }
  const { status } = await request('/v1/messages', { method: 'POST', body: toBody(9) })
  expect(status).toBe(200)
})

test('a request that waited too long is answered with 529 and a time to retry', async () => {
  const { answers, upstream } = createSlowUpstream()
  const { request } = await createHarness({ upstream })
  const held = request('/v1/messages', { method: 'POST', body: toBody(17) })
  await until(() => answers.length === 1)
  const refused = await request('/v1/messages', { method: 'POST', body: toBody(2) })
  expect(refused.status).toBe(529)
  expect(refused.headers.get('retry-after')).toBe('5')
  expect(refused.headers.get('request-id')).toMatch(/^req_/)
  expect(await refused.json()).toMatchObject({
    type: 'error',
    error: { type: 'overloaded_error', message: expect.stringMatching(/^Overloaded/) },
  })
  answers[0]?.()
  expect((await held).status).toBe(200)
}, 20_000)
