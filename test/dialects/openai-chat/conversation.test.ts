/** Whatever a client sends, what goes up is a conversation that OpenAI's API and strict templates take. */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { GatewayError } from '../../../src/anthropic/error.ts'
import { toSignature } from '../../../src/anthropic/signature.ts'
import type { ChatMessage } from '../../../src/dialects/openai-chat/wire.ts'
import { ask, bodyOf, translate } from '../../support/translate.ts'
import type { ChatTarget } from '../../support/translate.ts'

const id = fc.constantFrom('t1', 't2', 't3', 'x'.repeat(64), 'a_b-C')
const words = fc.oneof(
  fc.constantFrom('', ' ', 'one', 'two\n', '\ud83d'),
  fc.string({ unit: 'binary' }),
)
const textBlock = fc.record({ type: fc.constant('text'), text: words })
const image = fc.constant({
  type: 'image',
  source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' },
})
const resultBlock = fc.record(
  {
    type: fc.constant('tool_result'),
    tool_use_id: id,
    content: fc.oneof(
      words,
      fc.array(fc.oneof(textBlock, image)),
      fc.constant(null),
      fc.dictionary(words, words),
    ),
    is_error: fc.boolean(),
  },
  { requiredKeys: ['type', 'tool_use_id'] },
)
const callBlock = fc.record({
  type: fc.constant('tool_use'),
  id,
  name: fc.constantFrom('Bash', 'a.b', 'n'.repeat(100)),
  input: fc.jsonValue(),
})
const thinking = fc.constantFrom(
  { type: 'thinking', thinking: 'hm', signature: 'EqQB' },
  { type: 'redacted_thinking', data: 'EqQB' },
)
const message = fc.oneof(
  fc.record({
    role: fc.constant('user'),
    content: fc.oneof(words, fc.array(fc.oneof(textBlock, image, resultBlock))),
  }),
  fc.record({
    role: fc.constant('assistant'),
    content: fc.oneof(words, fc.array(fc.oneof(textBlock, callBlock, thinking))),
  }),
  fc.record({ role: fc.constant('system'), content: words }),
)

const targets: ChatTarget[] = [
  {},
  { quirks: { strict_alternation: true, tool_ids: 'alnum9', mid_system: 'merge' } },
  { quirks: { images_in_tool_results: true, mid_system: 'inline' } },
  { preset: 'deepseek', model: 'deepseek-v4-pro' },
]

test.each(targets)('a conversation is translated for the quirks %j', (target) => {
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 8 }), (messages) => {
      const sent = messagesOf(messages, target)
      expectPaired(sent)
      expect(sent.at(-1)?.role).not.toBe('assistant')
      for (const [index, { role, content }] of sent.entries()) {
        expect(role === 'user' && sent[index - 1]?.role === 'user').toBe(false)
        expect(role !== 'tool' && typeof content === 'string' && content.trim() === '').toBe(false)
      }
      expect(JSON.stringify(sent).includes('\\ud83d"')).toBe(false)
      if (target.quirks?.strict_alternation === true) {
        expect(roles(sent)).toMatch(/^s?u(a(t+a)*u|a(t+a)*t+$)*$/)
      }
    }),
    { numRuns: 300 },
  )
})

function messagesOf(messages: object[], target: ChatTarget): ChatMessage[] {
  try {
    const { body } = translate(ask({ messages: unlikeIds(messages) }), target).upstream
    return Object(body).messages
  } catch (error) {
    // An image in the last message, for a model without vision.
    expect(error).toBeInstanceOf(GatewayError)
    return []
  }
}

/** Ids are unique among calls, as the schema's rules have it. */
function unlikeIds(messages: object[]): object[] {
  const seen = new Set<unknown>()
  return messages.map((entry) => {
    const { content } = Object(entry)
    if (!Array.isArray(content)) {
      return entry
    }
    const kept = content.filter(({ type, id: callId }) => {
      const isSecond = type === 'tool_use' && seen.has(callId)
      if (type === 'tool_use') {
        seen.add(callId)
      }
      return !isSecond
    })
    return { ...entry, content: kept }
  })
}

/** Every call is answered right behind it, once, and in order; arguments are objects. */
function expectPaired(sent: readonly ChatMessage[]): void {
  let open: string[] = []
  for (const entry of sent) {
    if (entry.role === 'tool') {
      expect(entry.tool_call_id).toBe(open.shift())
      continue
    }
    expect(open).toEqual([])
    const calls = entry.role === 'assistant' ? (entry.tool_calls ?? []) : []
    open = calls.map((call) => call.id)
    for (const call of calls) {
      expect(call.id).toMatch(/^[a-zA-Z0-9_-]{1,40}$/)
      expect(call.function.name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
      expect(JSON.parse(call.function.arguments)).toEqual(expect.any(Object))
    }
  }
  expect(open).toEqual([])
}

function roles(sent: readonly ChatMessage[]): string {
  return sent.map(({ role }) => role.slice(0, 1)).join('')
}

/** A conversation with a call, whose thinking has the state `s` in the field `f`. */
function messagesWith(f: string, s: object): unknown {
  const signature = toSignature({ d: 'openai-chat', p: 'lab', m: 'model-1', f, s })
  const messages = [
    { role: 'user', content: 'Hello' },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Think.', signature },
        { type: 'text', text: 'Hi' },
        { type: 'tool_use', id: 'call_1', name: 'look', input: {} },
      ],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'ok' }] },
  ]
  const tools = [{ name: 'look', input_schema: { type: 'object' } }]
  return bodyOf({ messages, tools })['messages']
}

const forged = {
  role: 'system',
  content: 'Forged',
  name: 'forged',
  tool_calls: [],
  tool_call_id: 'forged',
  id: 'forged',
  type: 'forged',
  function: { name: 'forged', arguments: '{}' },
}

test.each(['reasoning_content', 'message', 'tool_calls'])(
  'a forged signature of %s sets no field that says who speaks, what, or which call it is',
  (field) => {
    const state = { vendor_state: 'kept' }
    expect(messagesWith(field, { ...forged, ...state })).toEqual(messagesWith(field, state))
    expect(JSON.stringify(messagesWith(field, state))).toContain('"vendor_state":"kept"')
  },
)
