import { describe, expect, test } from 'vitest'

import { GatewayError } from '../../../src/anthropic/error.ts'
import { adaptationsOf, ask, bodyOf, translate } from '../../support/translate.ts'
import type { ChatTarget } from '../../support/translate.ts'

const png = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' }
const pdf = { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' }
const user = (...content: object[]) => ({ messages: [{ role: 'user', content }] })

/** What is reported to the client. */
function refusalOf(fields: object, target: ChatTarget = {}): unknown {
  try {
    return translate(ask(fields), target).upstream.body
  } catch (error) {
    return error instanceof GatewayError ? error.failure : error
  }
}

describe('a chat request', () => {
  test('a chat request has the upstream model, and only the fields that the client asked for', () => {
    const { upstream, adaptations } = translate(ask())
    expect(upstream).toEqual({
      path: '/chat/completions',
      body: {
        model: 'model-1',
        messages: [{ role: 'user', content: 'Hello' }],
        max_tokens: 1024,
      },
      headers: {},
      stream: false,
      toolNames: new Map(),
      enforceStops: [],
    })
    expect(adaptations).toEqual([])
  })

  test('a chat request has no field that the client sent as null', () => {
    const nulls = {
      system: null,
      tools: null,
      tool_choice: null,
      thinking: null,
      output_config: null,
      output_format: null,
      temperature: null,
      top_p: null,
      top_k: null,
      stop_sequences: null,
      stream: null,
      metadata: null,
      service_tier: null,
      cache_control: null,
    }
    expect(bodyOf(nulls)).toEqual(bodyOf({}))
    expect(adaptationsOf(nulls)).toEqual([])
  })

  test('a chat request never has max_tokens 0', () => {
    expect(bodyOf({ max_tokens: 0 })).toMatchObject({ max_tokens: 1 })
  })

  test('a chat request asks for no more output tokens than the model has', () => {
    const target = { limits: { maxOutputTokens: 8192 } }
    expect(bodyOf({ max_tokens: 64_000 }, target)).toMatchObject({ max_tokens: 8192 })
    expect(adaptationsOf({ max_tokens: 64_000 }, target)).toEqual([
      'map max_tokens: max_tokens=8192',
    ])
    expect(adaptationsOf({ max_tokens: 8192 }, target)).toEqual([])
  })

  test('a chat request never contains a user id, and reports nothing lost', () => {
    const fields = { metadata: { user_id: 'user_secret' }, service_tier: 'auto' }
    const target = { preset: 'openai', model: 'gpt-4.1', sessionKey: 'hash' }
    const body = bodyOf(fields, target)
    expect(JSON.stringify(body)).not.toContain('secret')
    expect(body).toMatchObject({ prompt_cache_key: 'hash', safety_identifier: 'hash' })
    expect(adaptationsOf(fields, target)).toEqual(['ignore metadata', 'ignore service_tier'])
  })

  test('a chat request has the session in the headers that a provider names', () => {
    const quirks = { session_headers: ['x-session-affinity'] }
    expect(translate(ask(), { quirks, sessionKey: 'hash' }).upstream.headers).toEqual({
      'x-session-affinity': 'hash',
    })
    expect(translate(ask(), { quirks }).upstream.headers).toEqual({})
  })

  test('a chat request is merged with the operator’s extra body last', () => {
    const quirks = {
      extra_body: { max_tokens: 7, chat_template_kwargs: { a: 1 } },
      thinking_on: { chat_template_kwargs: { enable_thinking: true } },
      extra_body_with_tools: { tool_stream: true },
    }
    const fields = { thinking: { type: 'adaptive' } }
    expect(bodyOf(fields, { quirks })).toMatchObject({
      max_tokens: 7,
      chat_template_kwargs: { enable_thinking: true, a: 1 },
    })
    expect(bodyOf(fields, { quirks })).not.toHaveProperty('tool_stream')
  })

  test('a chat request reports cache_control once as without effect', () => {
    const cache_control = { type: 'ephemeral' }
    const fields = {
      cache_control,
      system: [{ type: 'text', text: 'a', cache_control }],
      tools: [
        { name: 'a', input_schema: {}, cache_control },
        { type: 'bash_20250124', name: 'bash', cache_control },
      ],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'a', cache_control }] },
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'a', input: {} }] },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 't',
              cache_control,
              content: [{ type: 'text', text: 'b', cache_control }],
            },
          ],
        },
      ],
    }
    expect(adaptationsOf(fields)).toEqual([
      'ignore cache_control',
      'ignore system.0.cache_control',
      'ignore tools.0.cache_control',
      'ignore tools.1.cache_control',
      'ignore messages.0.content.0.cache_control',
      'ignore messages.2.content.0.cache_control',
      'ignore messages.2.content.0.content.0.cache_control',
    ])
    expect(JSON.stringify(bodyOf(fields))).not.toContain('cache_control')
  })
})

describe('a streaming chat request', () => {
  test('a streaming chat request asks for usage if the provider sends it only on request', () => {
    expect(bodyOf({ stream: true })).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    })
    expect(bodyOf({ stream: true }, { quirks: { stream_usage: false } })).not.toHaveProperty(
      'stream_options',
    )
    expect(bodyOf({ stream: false })).not.toHaveProperty('stream_options')
  })

  test('a streaming chat request is sent to providers that only stream, even if the client does not stream', () => {
    const { upstream } = translate(ask(), { quirks: { stream_only: true } })
    expect(upstream).toMatchObject({ stream: true, body: { stream: true } })
  })
})

describe('sampling in a chat request', () => {
  const fields = { temperature: 0.5, top_p: 0.9, top_k: 40 }

  test('sampling in a chat request is sent, with top_k only to servers that support it', () => {
    expect(bodyOf(fields)).toMatchObject({ temperature: 0.5, top_p: 0.9 })
    expect(bodyOf(fields)).not.toHaveProperty('top_k')
    expect(adaptationsOf(fields)).toEqual(['drop top_k'])
    expect(bodyOf(fields, { quirks: { drop_params: [] } })).toMatchObject(fields)
  })

  test('sampling in a chat request is omitted for models that reject it', () => {
    const quirks = { drop_params: ['temperature', 'top_p', 'top_k'] as const }
    expect(adaptationsOf(fields, { quirks: { drop_params: [...quirks.drop_params] } })).toEqual([
      'drop temperature',
      'drop top_p',
      'drop top_k',
    ])
  })

  test.each([
    ['gpt-5.2', {}, true],
    ['gpt-5.2', { output_config: { effort: 'low' } }, false],
    ['gpt-5.2', { thinking: { type: 'adaptive' } }, false],
    ['gpt-5.5', {}, false],
    ['gpt-5.5', { thinking: { type: 'disabled' } }, true],
    ['gpt-5', { thinking: { type: 'disabled' } }, false],
    ['gpt-5.6-terra', { thinking: { type: 'disabled' } }, false],
    ['gpt-4.1', { thinking: { type: 'adaptive' } }, true],
  ])('sampling in a chat request for %s with %j is sent: %s', (model, thinking, goesUp) => {
    const body = bodyOf({ temperature: 0.5, ...thinking }, { preset: 'openai', model })
    expect('temperature' in body).toBe(goesUp)
  })
})

describe('stop sequences in a chat request', () => {
  const stop_sequences = ['a', 'b', 'c', 'd', 'e', 'a']

  test.each([
    [{}, ['a', 'b', 'c', 'd'], ['e']],
    [{ stop: 1 }, ['a'], ['b', 'c', 'd', 'e']],
    [{ stop: 'gateway' as const }, undefined, ['a', 'b', 'c', 'd', 'e']],
    [{ drop_params: ['stop' as const] }, undefined, ['a', 'b', 'c', 'd', 'e']],
  ])(
    'stop sequences in a chat request with %j are split: upstream %j, gateway %j',
    (quirks, stop, enforced) => {
      const { upstream, adaptations } = translate(ask({ stop_sequences }), { quirks })
      expect(Object(upstream.body).stop).toEqual(stop)
      expect(upstream.enforceStops).toEqual(enforced)
      expect(adaptations).toEqual([])
    },
  )

  test('stop sequences in a chat request are sent as a list, even a single one', () => {
    expect(bodyOf({ stop_sequences: ['END'] })).toMatchObject({ stop: ['END'] })
  })
})

describe('unsupported content', () => {
  test.each<[string, object, ChatTarget, string]>([
    [
      'an image in the last message, for a model without vision',
      user({ type: 'text', text: 'See' }, { type: 'image', source: png }),
      { takes: { images: false } },
      'messages.0.content.1: image input is not supported for lab/model-1.',
    ],
    [
      'a PDF in the last message, for a model that reads none',
      user({ type: 'document', source: pdf }),
      { takes: { pdfs: false } },
      'messages.0.content.0: PDF input is not supported for lab/model-1.',
    ],
    [
      'a PDF for a provider that takes none',
      user({ type: 'document', source: pdf }),
      { preset: 'vllm' },
      'messages.0.content.0: PDF input is not supported for vllm/model-1.',
    ],
    [
      'an image by URL for a provider that does not fetch',
      user({ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }),
      { preset: 'ollama' },
      'messages.0.content.0: image URLs are not supported for ollama/model-1. Send the image as base64.',
    ],
    [
      'a PDF by URL for a provider that does not fetch',
      user({ type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } }),
      {},
      'messages.0.content.0: document URLs are not supported for lab/model-1. Send the document as base64.',
    ],
    [
      'an image of the Files API',
      user({ type: 'image', source: { type: 'file', file_id: 'file_1' } }),
      {},
      'messages.0.content.0: files of the Files API are not supported for lab/model-1; send the image as base64.',
    ],
    [
      'a document of the Files API, in a tool result too',
      {
        messages: [
          { role: 'user', content: 'Go.' },
          { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'a', input: {} }] },
          {
            role: 'user',
            content: [
              {
                type: 'tool_result',
                tool_use_id: 't',
                content: [{ type: 'document', source: { type: 'file', file_id: 'file_1' } }],
              },
            ],
          },
        ],
      },
      {},
      'messages.2.content.0.content.0: files of the Files API are not supported for lab/model-1; send the document as base64.',
    ],
    [
      'a container',
      user({ type: 'container_upload', file_id: 'file_1' }),
      {},
      'messages.0.content.0: containers are not supported for lab/model-1.',
    ],
    [
      'server tools with no other tool beside',
      {
        tools: [
          { type: 'web_search_20250305', name: 'web_search' },
          { type: 'code_execution_20250825', name: 'code_execution' },
        ],
      },
      {},
      'tools.0: tools that run on Anthropic\'s servers are not supported for lab/model-1: web_search_20250305, code_execution_20250825. This gateway can run web_search for any model: its operator can enable it with "server_tools" in the catalog.',
    ],
    [
      'a server tool that is forced',
      {
        tools: [
          { name: 'a', input_schema: {} },
          { type: 'web_search_20250305', name: 'web_search' },
        ],
        tool_choice: { type: 'tool', name: 'web_search' },
      },
      {},
      'tools.1: tools that run on Anthropic\'s servers are not supported for lab/model-1: web_search_20250305. This gateway can run web_search for any model: its operator can enable it with "server_tools" in the catalog.',
    ],
  ])('unsupported content is rejected with its path: %s', (_, fields, target, message) => {
    expect(refusalOf(fields, target)).toMatchObject({ kind: 'invalid_request', message })
  })

  test('unsupported content becomes text if it is an image of an earlier message, so that the conversation can continue', () => {
    const messages = [
      { role: 'user', content: [{ type: 'image', source: png }] },
      { role: 'user', content: 'And without?' },
      { role: 'system', content: 'Be brief.' },
    ]
    const target = { takes: { images: false } }
    expect(bodyOf({ messages }, target)['messages']).toEqual([
      {
        role: 'user',
        content:
          '[image omitted: model has no vision]\n\nAnd without?\n\n<system-reminder>\nBe brief.\n</system-reminder>',
      },
    ])
    expect(adaptationsOf({ messages }, target)).toEqual(['drop messages.0.content.0'])
  })
})
