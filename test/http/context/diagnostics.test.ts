/** Why a prompt was not read from a provider's cache, with a scripted upstream. */
import { expect, test } from 'vitest'

import type { Harness } from '../../support/app.ts'
import { chatStream, createHarness, delta } from '../../support/app.ts'

const question = { role: 'user', content: 'Hi' }
const json = {
  model: 'm',
  max_tokens: 9,
  system: 'Be brief.',
  tools: [{ name: 'look', input_schema: { type: 'object' } }],
  messages: [question],
}

function createModel(): Promise<Harness> {
  return createHarness({
    upstream: () => chatStream(delta({ content: 'Hello.' }), delta({}, 'stop')),
  })
}

interface Answer {
  id: string
  diagnostics?: { cache_miss_reason: { type: string; cache_missed_input_tokens?: number } } | null
}

async function ask(gateway: Harness, previous: string | null, more: object = {}): Promise<Answer> {
  const diagnostics = { previous_message_id: previous }
  const response = await gateway.request('/v1/messages', {
    json: { ...json, diagnostics, ...more },
  })
  expect(response.headers.get('gateway-adapted')).toContain('"diagnostics";map="gateway"')
  return response.json()
}

const next = [question, { role: 'assistant', content: 'Hello.' }, question]

test.each([
  ['model_changed', { speed: 'fast' }],
  ['system_changed', { system: 'Be long.' }],
  ['tools_changed', { tools: [] }],
  ['messages_changed', { messages: [{ role: 'user', content: 'Bye' }, ...next.slice(1)] }],
])('a prompt whose cache is of no use is diagnosed as %s', async (type, more) => {
  const gateway = await createModel()
  const { id, diagnostics } = await ask(gateway, null)
  expect(diagnostics).toBeNull()
  const second = await ask(gateway, id, { messages: next, ...more })
  expect(second.diagnostics).toEqual({
    cache_miss_reason: { type, cache_missed_input_tokens: expect.any(Number) },
  })
})

test('a prompt that continues, with a breakpoint elsewhere, is diagnosed as nothing', async () => {
  const gateway = await createModel()
  const { id } = await ask(gateway, null)
  const system = json.system
  const moved = { ...question, cache_control: { type: 'ephemeral' } }
  expect(await ask(gateway, id, { system, messages: [moved, ...next.slice(1)] })).toMatchObject({
    diagnostics: null,
  })
})

test.each([
  ['unavailable', { thinking: { type: 'adaptive' } }, undefined],
  ['previous_message_not_found', {}, 'msg_unknown'],
])('what cannot be told is %s', async (type, more, named) => {
  const gateway = await createModel()
  const { id } = await ask(gateway, null)
  expect(await ask(gateway, named ?? id, { messages: next, ...more })).toMatchObject({
    diagnostics: { cache_miss_reason: { type } },
  })
})

test('a stream has the diagnosis in its first event', async () => {
  const gateway = await createModel()
  const diagnostics = { previous_message_id: 'msg_unknown' }
  const stream = { json: { ...json, stream: true, diagnostics } }
  const text = await (await gateway.request('/v1/messages', stream)).text()
  const [, first = ''] = /^data: (.*)$/m.exec(text) ?? []
  expect(JSON.parse(first)).toMatchObject({
    type: 'message_start',
    message: { diagnostics: { cache_miss_reason: { type: 'previous_message_not_found' } } },
  })
})
