import { describe, expect, test } from 'vitest'

import { createReport } from '../../../src/anthropic/report.ts'
import type { AnthropicQuirks } from '../../../src/dialects/anthropic/quirks.ts'
import { adaptToHost } from '../../../src/dialects/anthropic/request/adapt.ts'
import { toLine } from '../../support/translate.ts'

function adapt(json: object, quirks: Partial<AnthropicQuirks>, betas: string | null = null) {
  const text = JSON.stringify(json)
  const body = { text, json: JSON.parse(text) }
  const report = createReport()
  const adapted = adaptToHost(body, betas, [quirks], report)
  return { body, adapted, lines: report.adaptations.map(toLine) }
}

const marked = {
  model: 'm',
  system: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } }],
  tools: [
    {
      name: 't',
      input_schema: { type: 'object', properties: { cache_control: { type: 'object' } } },
      cache_control: { type: 'ephemeral' },
    },
  ],
  messages: [
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'x', cache_control: { type: 'ephemeral' } },
        { type: 'tool_use', id: 'i', name: 't', input: { cache_control: { ttl: 5 }, content: [] } },
      ],
    },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 'i',
          content: [{ type: 'text', text: 'r', cache_control: { type: 'ephemeral', scope: 'x' } }],
        },
      ],
    },
  ],
}

describe('a request to an Anthropic-compatible host', () => {
  test('a request to an Anthropic-compatible host is sent byte for byte if the host supports all its fields', () => {
    const all: AnthropicQuirks = {
      fields: ['model', 'messages'],
      betas: [],
      omit_fields: [],
      omit_betas: [],
      cache_control: 'plain',
      omit_refused: true,
      unsigned_thinking: true,
      call_thinking: 'all',
    }
    const { body, adapted, lines } = adapt({ model: 'm', messages: [] }, all)
    expect(adapted.text).toBe(body.text)
    expect(lines).toEqual([])
  })

  test('a request to an Anthropic-compatible host is never changed for Anthropic itself', () => {
    const { body, adapted } = adapt({ ...marked, new_field: 1 }, {}, 'a, b')
    expect(adapted.text).toBe(body.text)
    expect(adapted.betas).toEqual(['a', 'b'])
  })

  test('a request to an Anthropic-compatible host is sent without the fields that the host does not support, which is reported', () => {
    const json = { model: 'm', context_management: {}, container: 'c', speed: null }
    const { adapted, lines } = adapt(json, { fields: ['model'] })
    expect(adapted.json).toEqual({ model: 'm' })
    expect(adapted.text).toBe('{"model":"m"}')
    expect(lines).toEqual(['ignore context_management', 'drop container', 'ignore speed'])
  })

  test('a request to an Anthropic-compatible host is sent without what the host is known to reject, and with everything else', () => {
    const json = { model: 'm', diagnostics: {}, brand_new: 1 }
    const quirks = { omit_fields: ['diagnostics'], omit_betas: ['a'] }
    const { adapted, lines } = adapt(json, quirks, 'a,b')
    expect([adapted.json, adapted.betas]).toEqual([{ model: 'm', brand_new: 1 }, ['b']])
    expect(lines).toEqual(['ignore diagnostics', 'ignore betas.a'])
  })

  test('a request to an Anthropic-compatible host is sent without the betas that the host does not support', () => {
    const { adapted, lines } = adapt({}, { betas: ['b'] }, 'a,b, c')
    expect(adapted.betas).toEqual(['b'])
    expect(lines).toEqual(['ignore betas.a', 'ignore betas.c'])
  })

  test('a request to an Anthropic-compatible host keeps plain cache_control, and none on thinking blocks', () => {
    const { adapted, lines } = adapt(marked, { cache_control: 'plain' })
    const [, call] = marked.messages[0]!.content
    const [result] = marked.messages[1]!.content
    const plain = { cache_control: { type: 'ephemeral' } }
    const expected = {
      ...marked,
      system: [{ ...marked.system[0], ...plain }],
      messages: [
        { role: 'assistant', content: [{ type: 'thinking', thinking: 'x' }, call] },
        {
          role: 'user',
          content: [{ ...result, content: [{ type: 'text', text: 'r', ...plain }] }],
        },
      ],
    }
    expect(adapted.json).toEqual(expected)
    expect(lines).toEqual([
      'map system.0.cache_control: ephemeral',
      'ignore messages.0.content.0.cache_control',
      'map messages.1.content.0.content.0.cache_control: ephemeral',
    ])
  })

  test('a request to an Anthropic-compatible host without a cache loses all cache_control, but no schema property of that name', () => {
    const { adapted } = adapt(marked, { cache_control: 'none' })
    const { tools, messages } = adapted.json as typeof marked
    expect(tools[0]).toEqual({ name: 't', input_schema: marked.tools[0]!.input_schema })
    expect(messages[0]!.content[1]).toEqual(marked.messages[0]!.content[1])
  })
})
