/** Edits of the context instead of Anthropic's servers, with a scripted upstream. */
import { expect, test } from 'vitest'

import { conversationOf } from '../../context/conversation.ts'
import { chatStream, createHarness, delta } from '../../support/app.ts'

const edit = {
  type: 'clear_tool_uses_20250919',
  trigger: { type: 'tool_uses', value: 1 },
  keep: { type: 'tool_uses', value: 1 },
}
const json = {
  model: 'm',
  max_tokens: 100,
  messages: conversationOf({ result: 'Very long. '.repeat(200) }, { result: 'Short.' }),
  tools: [{ name: 'search', input_schema: { type: 'object' } }],
  context_management: { edits: [edit] },
}
const answer = (): Response => chatStream(delta({ content: 'Done.' }), delta({}, 'stop'))

interface Applied {
  context_management: { applied_edits: object[] }
}

test.each([true, false])(
  'a translated model reads the edited conversation, and the answer reports what was cleared, streamed: %s',
  async (stream) => {
    const { request, sent } = await createHarness({ upstream: answer })
    const response = await request('/v1/messages', { json: { ...json, stream } })
    const text = await response.text()
    const [, end] = /^data: (.*"message_delta".*)$/m.exec(text) ?? []
    const { context_management: applied }: Applied = JSON.parse(stream ? (end ?? '') : text)
    expect(applied).toEqual({
      applied_edits: [
        { type: edit.type, cleared_tool_uses: 1, cleared_input_tokens: expect.any(Number) },
      ],
    })
    expect(response.headers.get('gateway-adapted')).toBe('"context_management";map="gateway"')
    expect(sent[0]?.body).toMatchObject({
      messages: [
        {},
        {},
        { role: 'tool', content: '[Tool result cleared to save context]' },
        {},
        { role: 'tool', content: 'Short.' },
      ],
    })
  },
)

test('an answer to a request whose edits change nothing has an empty list of edits, as at Anthropic', async () => {
  const { request } = await createHarness({ upstream: answer })
  const edits = [{ type: 'clear_thinking_20251015', keep: 'all' }]
  const response = await request('/v1/messages', {
    json: { ...json, context_management: { edits } },
  })
  expect(await response.json<Applied>()).toMatchObject({
    context_management: { applied_edits: [] },
  })
})

test('a token count is that of the edited conversation, beside the original one', async () => {
  const { request } = await createHarness()
  const count = async (body: object): Promise<Record<string, unknown>> =>
    (await request('/v1/messages/count_tokens', { json: body })).json()
  const { context_management: _, ...unedited } = json
  const { input_tokens: original } = await count(unedited)
  const edited = await count(json)
  expect(edited).toEqual({
    input_tokens: expect.any(Number),
    context_management: { original_input_tokens: original },
  })
  expect(edited['input_tokens']).toBeLessThan(Number(original) / 2)
})

test('Anthropic’s own servers edit their contexts themselves', async () => {
  const message = { id: 'msg_1', type: 'message', content: [], usage: {} }
  const { request, sent } = await createHarness({ upstream: () => Response.json(message) })
  await request('/v1/messages', { json: { ...json, model: 'claude-x' } })
  expect(sent[0]?.body).toEqual({ ...json, model: 'claude-x' })
})

test('an edit that the gateway does not know is reported, and refused in strict mode', async () => {
  const { request } = await createHarness({ upstream: answer })
  const edits = [edit, { type: 'clear_images_20990101' }]
  const asked = { json: { ...json, context_management: { edits } } }
  const response = await request('/v1/messages', asked)
  expect(response.headers.get('gateway-adapted')).toContain('"context_management.edits.1";drop')
  const strict = await request('/v1/messages', { ...asked, headers: { 'gateway-strict': '?1' } })
  expect(strict.status).toBe(400)
})
