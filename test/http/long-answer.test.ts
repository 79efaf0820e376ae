import { expect, test } from 'vitest'

import { chatStream, createHarness, delta } from '../support/app.ts'

test('a plain answer of 64,000 tokens arrives whole, streamed inside', async () => {
  const words = Array.from({ length: 64_000 }, (_, index) => `word${index} `)
  const { request, sent } = await createHarness({
    upstream: () =>
      chatStream(...words.map((content) => delta({ content })), delta({}, 'stop'), {
        choices: [],
        usage: { prompt_tokens: 5, completion_tokens: 64_000 },
      }),
  })
  const response = await request('/v1/messages', {
    json: { model: 'm', max_tokens: 64_000, messages: [{ role: 'user', content: 'hi' }] },
  })
  expect(await response.json()).toMatchObject({
    content: [{ type: 'text', text: words.join('') }],
    stop_reason: 'end_turn',
    usage: { output_tokens: 64_000 },
  })
  expect(sent[0]?.body).toMatchObject({ stream: true })
})
