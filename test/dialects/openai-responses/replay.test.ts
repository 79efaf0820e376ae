/** Reasoning on its way back, where a golden case would hide the point. */
import { describe, expect, test } from 'vitest'

import { toSignature } from '../../../src/anthropic/signature.ts'
import type { ResponsesQuirks } from '../../../src/dialects/openai-responses/quirks.ts'
import type { RequestTarget } from '../../support/translate.ts'
import { bodyOf } from '../../support/translate.ts'

const item = { id: 'rs_1', encrypted_content: 'gAAA', summary: [{ text: 'Hm.' }] }

function sign(s: unknown, origin: object = {}): string {
  return toSignature({
    d: 'openai-responses',
    p: 'lab',
    m: 'model-1',
    f: 'reasoning',
    s,
    ...origin,
  })
}

/** The items that go up for an assistant turn of one thought and one text. */
function send(signature: string, quirks: Partial<ResponsesQuirks> = {}): unknown[] {
  const target: RequestTarget = { dialect: 'openai-responses', quirks }
  const messages = [
    { role: 'user', content: 'Hello' },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature },
        { type: 'text', text: 'Hi.' },
      ],
    },
    { role: 'user', content: 'Go on.' },
  ]
  const { input } = bodyOf({ messages }, target) as { input: unknown[] }
  return input.slice(1, -1)
}

const hi = { type: 'message', role: 'assistant', content: 'Hi.' }
const encrypted = { encrypted_content: 'gAAA', summary: [{ type: 'summary_text', text: 'Hm.' }] }
const plain = { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'Hm.' }] }

describe('reasoning of the Responses API is returned', () => {
  test('reasoning of the Responses API is returned without its id, which is not stored, unless the server requires it', () => {
    expect(send(sign({ item }))).toEqual([{ type: 'reasoning', ...encrypted }, hi])
    expect(send(sign({ item }), { reasoning_ids: true })).toEqual([
      { type: 'reasoning', id: 'rs_1', ...encrypted },
      hi,
    ])
  })

  test('reasoning of the Responses API is returned to another model if all models of the provider can decrypt it', () => {
    const signature = sign({ item }, { m: 'model-2' })
    expect(send(signature)).toEqual([hi])
    expect(send(signature, { replay_scope: 'provider' })).toHaveLength(2)
  })

  test('reasoning of the Responses API is returned with the phase of its message', () => {
    expect(send(sign({ item, phase: 'commentary' })).at(-1)).toEqual({ ...hi, phase: 'commentary' })
  })

  test('reasoning of the Responses API is returned as text if it was received as text', () => {
    const signature = sign({ item: { id: 'rs_1' }, shows: 'content' })
    expect(send(signature)).toEqual([hi])
    expect(send(signature, { replay: 'text' })).toEqual([plain, hi])
  })

  test('reasoning of the Responses API is returned not at all if the server accepts none', () => {
    expect(send(sign({ item }), { replay: 'never' })).toEqual([hi])
  })
})

describe('reasoning of another provider', () => {
  const foreign = sign({ item }, { p: 'elsewhere' })
  const chat = sign(undefined, { d: 'openai-chat', f: 'reasoning_content' })

  test.each([foreign, chat])(
    'reasoning of another provider is omitted, or sent as text',
    (signature) => {
      expect(send(signature)).toEqual([hi])
      expect(send(signature, { replay: 'text' })).toEqual([hi])
      expect(send(signature, { replay: 'text', replay_foreign: true })).toEqual([plain, hi])
    },
  )

  test('reasoning of another provider is omitted if it is Anthropic’s', () => {
    expect(send('EqQBCkgIAxAB', { replay: 'text', replay_foreign: true })).toEqual([hi])
  })
})

test.each([
  [null],
  ['text'],
  [{ item: 'text', phase: 7 }],
  [{ item: { type: 'message', role: 'system', encrypted_content: 7 } }],
])('a signature that was tampered with restores nothing: %j', (state) => {
  expect(send(sign(state))).toEqual([hi])
})

test('a signature cannot make an item of another type', () => {
  const [thought] = send(sign({ item: { ...item, type: 'message' } }))
  expect(thought).toMatchObject({ type: 'reasoning' })
})

test('texts that foreign reasoning separated are two messages', () => {
  const thinking = { type: 'thinking', thinking: 'Hm.', signature: 'EqQB' }
  const texts = ['One.', 'Two.', 'Three.'].map((text) => ({ type: 'text', text }))
  const content = [texts[0], texts[1], thinking, texts[2]]
  const messages = [
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content },
    { role: 'user', content: 'Go on.' },
  ]
  const { input } = bodyOf({ messages }, { dialect: 'openai-responses' }) as { input: unknown[] }
  expect(input.slice(1, -1)).toMatchObject([{ content: 'One.Two.' }, { content: 'Three.' }])
})
