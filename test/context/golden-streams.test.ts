/**
 * Golden streams: what a client receives where a summary comes before an answer, where another model continues, and
 * where one advises (`golden/*.sse`). `vitest -u` writes them; read each line before you commit.
 */
import { expect, test, vi } from 'vitest'

import { chatStream, createHarness, delta } from '../support/app.ts'
import { conversationOf, textOf } from './conversation.ts'

vi.stubGlobal('IdentityTransformStream', TransformStream)

const host = (name: string) => ({
  dialect: 'openai-chat',
  base_url: `http://${name}.test/v1`,
  secret: null,
})
const catalog = {
  version: 1,
  providers: { first: host('first'), second: host('second') },
  models: [
    { id: 'm', targets: [{ provider: 'first', model: 'a' }] },
    { id: 'm2', targets: [{ provider: 'second', model: 'b' }] },
  ],
}

const usage = { prompt_tokens: 1000, completion_tokens: 50 }
const end = (reason: string) => [delta({}, reason), { choices: [], usage }]
const say = (text: string) => chatStream(delta({ content: text }), ...end('stop'))
const decline = (text: string) => chatStream(delta({ content: text }), ...end('content_filter'))
const callAdvisor = () =>
  chatStream(
    delta({ content: 'Let me ask.' }),
    delta({
      tool_calls: [{ index: 0, id: 'call_1', function: { name: 'advisor', arguments: '{}' } }],
    }),
    ...end('tool_calls'),
  )

const summary = '<summary>The user asked for the weather in Rome.</summary>'
const compact = { type: 'compact_20260112', trigger: { type: 'input_tokens', value: 100 } }
const withEdit = (edit: object) => ({ context_management: { edits: [edit] } })
const long = {
  messages: [...conversationOf({ result: textOf(300) }), { role: 'user', content: 'And now?' }],
  tools: [{ name: 'search', input_schema: { type: 'object' } }],
}
const advisor = { type: 'advisor_20260301', name: 'advisor', model: 'm2' }

interface Shape {
  name: string
  /** What the models say, in the order in which they are asked. */
  said: readonly (() => Response)[]
  json: object
}

const shapes: Shape[] = [
  {
    name: 'a compaction by a trigger',
    said: [() => say(summary), () => say('It is sunny.')],
    json: { ...long, ...withEdit(compact) },
  },
  {
    name: 'a compaction that pauses',
    said: [() => say(summary)],
    json: { ...long, ...withEdit({ ...compact, pause_after_compaction: true }) },
  },
  {
    name: 'a compaction that fails',
    said: [() => say(''), () => say('It is sunny.')],
    json: { ...long, ...withEdit(compact) },
  },
  {
    name: 'a compaction on request',
    said: [() => say(summary)],
    json: { ...long, compaction: { type: 'summarize' } },
  },
  {
    name: 'a fallback after a part of an answer',
    said: [() => decline('I would'), () => say('Here.')],
    json: { fallbacks: [{ model: 'm2' }] },
  },
  {
    name: 'fallbacks that all decline',
    said: [() => decline('No'), () => decline('Neither')],
    json: { fallbacks: [{ model: 'm2' }] },
  },
  {
    name: 'an advisor',
    said: [callAdvisor, () => say('Use an arch.'), () => say('It will be an arch.')],
    json: { tools: [advisor] },
  },
  {
    name: 'an advisor that fails',
    said: [
      callAdvisor,
      () => Response.json({ error: { message: 'invalid' } }, { status: 400 }),
      () => say('Without advice.'),
    ],
    json: { tools: [advisor] },
  },
]

test.each(shapes)('$name streams as in its golden', async ({ name, said, json }) => {
  let asked = 0
  const harness = await createHarness({
    catalog,
    upstream: () => {
      asked += 1
      return said[asked - 1]?.() ?? new Response('{}', { status: 400 })
    },
  })
  const response = await harness.request('/v1/messages', {
    json: {
      model: 'm',
      max_tokens: 500,
      stream: true,
      messages: [{ role: 'user', content: 'Hi' }],
      ...json,
    },
  })
  const file = `golden/${name.replaceAll(/\W+/g, '-')}.sse`
  await expect(await response.text()).toMatchFileSnapshot(file)
})
