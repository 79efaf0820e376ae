import { describe, expect, test } from 'vitest'

import type { ResponsesQuirks } from '../../../src/dialects/openai-responses/quirks.ts'
import type { RequestTarget } from '../../support/translate.ts'
import { adaptationsOf, ask, bodyOf, translate } from '../../support/translate.ts'

interface Target extends RequestTarget {
  quirks?: Partial<ResponsesQuirks>
}

const to = (target: Target = {}): RequestTarget => ({ dialect: 'openai-responses', ...target })
const body = (fields: object, target?: Target) => bodyOf(fields, to(target))
const adapted = (fields: object, target?: Target) => adaptationsOf(fields, to(target))

const read = { name: 'read', input_schema: { type: 'object', properties: {} } }
const write = { name: 'write', input_schema: { type: 'object', properties: {} } }
const adaptive = { thinking: { type: 'adaptive' } }

describe('a Responses request', () => {
  test('a Responses request is minimal for a minimal client request', () => {
    const { upstream, adaptations } = translate(ask(), to())
    expect(upstream).toEqual({
      path: '/responses',
      body: {
        model: 'model-1',
        input: [
          { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello' }] },
        ],
        max_output_tokens: 1024,
        store: false,
      },
      headers: {},
      stream: false,
      toolNames: new Map(),
      enforceStops: [],
    })
    expect(adaptations).toEqual([])
  })

  test('a Responses request streams if the client does, or if the server only streams', () => {
    expect(body({ stream: true })).toMatchObject({ stream: true })
    expect(translate(ask(), to({ quirks: { stream_only: true } })).upstream).toMatchObject({
      stream: true,
      body: { stream: true },
    })
  })

  test('a Responses request has store: false unless the server refuses the field', () => {
    expect(body({})['store']).toBe(false)
    expect(body({}, { quirks: { store_field: false } })).not.toHaveProperty('store')
    // What an operator adds does not bring storage back.
    expect(body({}, { quirks: { extra_body: { user: 'x' } } })).toMatchObject({
      store: false,
      user: 'x',
    })
  })

  test('a Responses request has no stop sequences, which the gateway enforces', () => {
    const { upstream } = translate(ask({ stop_sequences: ['A', 'B', 'A'] }), to())
    expect(upstream.body).not.toHaveProperty('stop')
    expect(upstream.enforceStops).toEqual(['A', 'B'])
  })

  test('a Responses request has a prompt_cache_key for the conversation', () => {
    expect(body({}, { sessionKey: 'abc' })).toMatchObject({ prompt_cache_key: 'abc' })
    const { upstream } = translate(
      ask(),
      to({ sessionKey: 'abc', quirks: { session_fields: [], session_headers: ['x-session'] } }),
    )
    expect(upstream.body).not.toHaveProperty('prompt_cache_key')
    expect(upstream.headers).toEqual({ 'x-session': 'abc' })
  })

  test('a Responses request reports nothing for fields that clients always send', () => {
    const fields = {
      metadata: { user_id: 'u' },
      thinking: { type: 'adaptive', display: 'omitted' },
    }
    expect(adapted(fields)).toEqual(['ignore metadata', 'ignore thinking.display'])
  })
})

describe('the output limit of a Responses request', () => {
  test.each([
    [5000, 5000, {}],
    [5000, 4096, { limits: { maxOutputTokens: 4096 } }],
    [1, 16, { quirks: { min_output_tokens: 16 } }],
    [16, 16, { quirks: { min_output_tokens: 16 } }],
  ])(
    'the output limit of a Responses request for max_tokens %d is %d',
    (wanted, tokens, target) => {
      const fields = { max_tokens: wanted }
      expect(body(fields, target)['max_output_tokens']).toBe(tokens)
      expect(adapted(fields, target)).toEqual(
        wanted === tokens ? [] : [`map max_tokens: max_output_tokens=${tokens}`],
      )
    },
  )
})

describe('sampling in a Responses request', () => {
  const fields = { temperature: 0.5, top_p: 0.9, top_k: 5 }

  test('sampling in a Responses request has no top_k', () => {
    expect(body(fields)).toMatchObject({ temperature: 0.5, top_p: 0.9 })
    expect(adapted(fields)).toEqual(['drop top_k'])
  })

  test('sampling in a Responses request is omitted for a reasoning model that rejects it', () => {
    const quirks = { drop_params_thinking: ['temperature', 'top_p'] }
    expect(adapted({ ...fields, ...adaptive }, { quirks })).toEqual([
      'drop temperature',
      'drop top_p',
      'drop top_k',
    ])
    expect(adapted(fields, { quirks })).toEqual(['drop top_k'])
  })

  test('sampling in a Responses request has top_k for a server that supports it', () => {
    expect(body(fields, { quirks: { drop_params: [] } })).toMatchObject({ top_k: 5 })
  })
})

describe('the service tier of a Responses request', () => {
  const quirks = { drop_params: [] }

  test.each([
    ['auto', 'auto'],
    ['standard_only', 'default'],
    ['flex', 'flex'],
    ['priority', 'priority'],
  ])('the service tier of a Responses request for %s is %s', (tier, upstream) => {
    expect(body({ service_tier: tier }, { quirks })['service_tier']).toBe(upstream)
    expect(adapted({ service_tier: tier }, { quirks })).toEqual([])
  })

  test.each([
    ['auto', {}],
    ['batch', { quirks }],
  ])('the service tier %s is omitted for servers that do not support it', (tier, target) => {
    expect(body({ service_tier: tier }, target)).not.toHaveProperty('service_tier')
    expect(adapted({ service_tier: tier }, target)).toEqual(['ignore service_tier'])
  })
})

describe('thinking in a Responses request', () => {
  test.each([
    ['nothing said', {}, undefined],
    ['adaptive', adaptive, { effort: 'high', summary: 'auto' }],
    [
      'an effort',
      { ...adaptive, output_config: { effort: 'low' } },
      { effort: 'low', summary: 'auto' },
    ],
    ['an effort alone', { output_config: { effort: 'max' } }, { effort: 'high' }],
    [
      'a budget',
      { thinking: { type: 'enabled', budget_tokens: 1024 } },
      { effort: 'low', summary: 'auto' },
    ],
    ['off', { thinking: { type: 'disabled' }, output_config: { effort: 'high' } }, undefined],
  ])('thinking in a Responses request is sent: %s', (_, fields, reasoning) => {
    expect(body(fields)['reasoning']).toEqual(reasoning)
  })

  test('thinking in a Responses request is omitted for a model that does not think', () => {
    const sent = body({ ...adaptive, tools: [read] }, { takes: { thinking: false } })
    expect(sent).not.toHaveProperty('reasoning')
    expect(sent).not.toHaveProperty('include')
  })

  test('thinking in a Responses request is requested encrypted if the client thinks or offers tools', () => {
    const include = ['reasoning.encrypted_content']
    expect(body(adaptive)['include']).toEqual(include)
    expect(body({ tools: [read] })['include']).toEqual(include)
    // A client that did neither reads the first block, and that is text.
    expect(body({})).not.toHaveProperty('include')
    expect(body(adaptive, { quirks: { include_reasoning: false } })).not.toHaveProperty('include')
  })
})

describe('tools in a Responses request', () => {
  const tools = [read, write]

  test('tools in a Responses request are functions, and not strict unless requested', () => {
    expect(body({ tools: [{ ...read, description: 'Reads.' }] })['tools']).toEqual([
      {
        type: 'function',
        name: 'read',
        description: 'Reads.',
        parameters: read.input_schema,
        strict: false,
      },
    ])
  })

  test('tools in a Responses request are strict if requested, supported by the server and possible for the schema', () => {
    const schema = { type: 'object', properties: {}, additionalProperties: false, required: [] }
    const strict = [{ name: 'a', input_schema: schema, strict: true }]
    const quirks = { strict_tools: true }
    expect(body({ tools: strict }, { quirks })['tools']).toMatchObject([{ strict: true }])
    expect(adapted({ tools: strict })).toEqual(['drop tools.0.strict'])
    expect(adapted({ tools: [{ ...read, strict: true }] }, { quirks })).toEqual([
      'drop tools.0.strict',
    ])
  })

  test.each([
    [{ type: 'auto' }, 'auto'],
    [{ type: 'any' }, 'required'],
    [{ type: 'none' }, 'none'],
    [
      { type: 'tool', name: 'read' },
      { type: 'function', name: 'read' },
    ],
  ])('tools in a Responses request have the tool choice %j', (choice, upstream) => {
    expect(body({ tools, tool_choice: choice })['tool_choice']).toEqual(upstream)
  })

  test('tools in a Responses request are called one at a time if requested', () => {
    const tool_choice = { type: 'auto', disable_parallel_tool_use: true }
    expect(body({ tools, tool_choice })['parallel_tool_calls']).toBe(false)
    expect(body({ tools })).not.toHaveProperty('parallel_tool_calls')
  })

  test('tools in a Responses request have no tool choice if there are none', () => {
    const sent = body({ tools: [], tool_choice: { type: 'auto' } })
    expect(Object.keys(sent)).toEqual(['model', 'input', 'max_output_tokens', 'store'])
  })

  test('tools in a Responses request are forced by the alternative that the server supports', () => {
    const forced = { tools, tool_choice: { type: 'tool', name: 'read' } }
    const only: Target = { quirks: { tool_choice_named: 'only' } }
    expect(body(forced, only)).toMatchObject({ tools: [{ name: 'read' }], tool_choice: 'required' })
    const hint: Target = { quirks: { tool_choice_named: 'hint' } }
    expect(body({ ...forced, system: 'Be kind.' }, hint)['instructions']).toBe(
      'Be kind.\n\nYou must answer with a call of the tool read.',
    )
    const drop: Target = { quirks: { forced_while_thinking: 'drop_force' } }
    expect(body({ ...forced, ...adaptive }, drop)).not.toHaveProperty('tool_choice')
    expect(body(forced, drop)).toHaveProperty('tool_choice')
  })

  test('tools in a Responses request with a reserved name are renamed everywhere', () => {
    const name = `mcp__${'x'.repeat(70)}`
    const messages = [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name, input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'ok' }] },
    ]
    const fields = { tools: [{ ...read, name }], tool_choice: { type: 'tool', name }, messages }
    const { upstream } = translate(ask(fields), to())
    const [[short]] = [...upstream.toolNames] as [[string, string]]
    expect(short.length).toBeLessThanOrEqual(64)
    expect(upstream.body).toMatchObject({
      tools: [{ name: short }],
      tool_choice: { name: short },
      input: [{}, { type: 'function_call', name: short }, { type: 'function_call_output' }],
    })
  })

  test('tools in a Responses request have ids that are shortened identically in call and output', () => {
    const id = `call_${'x'.repeat(60)}`
    const messages = [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: [{ type: 'tool_use', id, name: 'read', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'ok' }] },
    ]
    const { input } = body({ tools, messages }) as { input: { call_id: string }[] }
    expect(input[1]?.call_id).toMatch(/^[\w-]{1,40}$/)
    expect(input[2]?.call_id).toBe(input[1]?.call_id)
  })
})

test('an image in the last message is rejected for a Responses model without vision', () => {
  const image = { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }
  const messages = [{ role: 'user', content: [image] }]
  expect(() => body({ messages }, { takes: { images: false } })).toThrow('invalid_request')
  expect(() => body({ messages }, { quirks: { image_urls: false } })).toThrow('invalid_request')
})
