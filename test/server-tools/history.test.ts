import { describe, expect, test } from 'vitest'

import { forAnthropic } from '../../src/server-tools/history/for-anthropic.ts'
import { forAnyModel } from '../../src/server-tools/history/for-any-model.ts'
import { openText, sealText } from '../../src/server-tools/search/evidence.ts'

const user = { role: 'user', content: 'What is the capital of Italy?' }
const searchOf = (id: string, encrypted_content: string) => [
  { type: 'server_tool_use', id, name: 'web_search', input: { query: 'capital of Italy' } },
  {
    type: 'web_search_tool_result',
    tool_use_id: id,
    content: [
      {
        type: 'web_search_result',
        url: 'https://rome.example/',
        title: 'Rome',
        encrypted_content,
        page_age: '2026-08-21',
      },
    ],
  },
]
const citing = (encrypted_index: string) => ({
  type: 'text',
  text: 'It is Rome.',
  citations: [
    {
      type: 'web_search_result_location',
      url: 'https://rome.example/',
      title: 'Rome',
      encrypted_index,
      cited_text: 'Rome is the capital.',
    },
  ],
})
const own = {
  role: 'assistant',
  content: [
    ...searchOf('srvtoolu_gw1', sealText('Rome is the capital of Italy. 😀')),
    citing('gw1.1.0'),
  ],
}
const foreign = {
  role: 'assistant',
  content: [
    ...searchOf('srvtoolu_01', 'EpoPCioIARgBIiQ3YTAwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw'),
    citing('Eo8BCioIAhgB'),
  ],
}

describe('evidence', () => {
  test.each(['', 'plain', 'emoji 😀, 漢字, "quotes"\n', 'x'.repeat(8000)])(
    'evidence of a search is restored exactly from the conversation (%#)',
    (text) => expect(openText(sealText(text))).toBe(text),
  )

  test.each([
    '',
    'gw1.',
    'gw1.!!!',
    'gw1.e30',
    'EpoPCioIARgBIiQ3YTAwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw',
    undefined,
    7,
  ])('evidence of a search is not found in %j', (value) => expect(openText(value)).toBeUndefined())
})

describe('a conversation for any model', () => {
  test('a conversation for any model has the text of what was found, and numbers where the client got citations', () => {
    const { messages, results } = forAnyModel([user, own, user])
    expect(results).toMatchObject([{ number: 1, text: 'Rome is the capital of Italy. 😀' }])
    expect(messages[1]).toMatchObject({
      content: [
        { type: 'server_tool_use' },
        {
          content: [
            {
              type: 'text',
              text: expect.stringMatching(
                /^\[1\] Rome\nURL: https:\/\/rome\.example\/\nDate: 2026-08-21\nRome is the capital of Italy\. 😀\n\n/,
              ),
            },
          ],
        },
        { type: 'text', text: 'It is Rome.[1]' },
      ],
    })
    expect(JSON.stringify(messages)).not.toContain('citations')
  })

  test('a conversation for any model has titles and URLs of what Anthropic sealed, and its citations by URL', () => {
    const { messages } = forAnyModel([user, foreign])
    expect(messages[1]).toMatchObject({
      content: [
        {},
        {
          content: [{ text: expect.stringMatching(/^\[1\] Rome\nURL: [^\n]+\nDate: [^\n]+\n\n/) }],
        },
        { text: 'It is Rome.[1]' },
      ],
    })
  })

  test('a conversation for any model keeps its beginning when it grows, for prompt caches', () => {
    const before = forAnyModel([user, own]).messages
    const after = forAnyModel([user, own, user, foreign]).messages
    expect(after.slice(0, 2)).toEqual(before)
    expect(JSON.stringify(after[3])).toContain('[2] Rome')
  })

  test('a conversation for any model has results directly after their calls', () => {
    const [call, result] = searchOf('srvtoolu_01', 'x')
    const tool = { type: 'tool_use', id: 'toolu_01', name: 't', input: {} }
    const { messages } = forAnyModel([
      user,
      { role: 'assistant', content: [call, tool] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_01', content: 'ok' }] },
      { role: 'assistant', content: [result, { type: 'text', text: 'Done.' }] },
    ])
    const types = messages.map((message) => {
      const { content } = message as { content: string | { type: string }[] }
      return typeof content === 'string' ? content : content.map(({ type }) => type).join(' ')
    })
    expect(types.slice(1)).toEqual([
      'server_tool_use web_search_tool_result tool_use',
      'tool_result',
      'text',
    ])
  })

  test('a conversation for any model is left as it is without such blocks', () => {
    const messages = [user, { role: 'assistant', content: [{ type: 'text', text: 'Rome' }] }]
    expect(forAnyModel(messages).messages).toEqual(messages)
  })
})

describe('a conversation for Anthropic’s own servers', () => {
  test('a conversation for Anthropic’s own servers has a note in place of what the gateway found', () => {
    const [, note] = forAnthropic([user, own], []) as { content: unknown[] }[]
    expect(note?.content).toEqual([
      { type: 'text', text: '(Searched the web for: capital of Italy)' },
      { type: 'text', text: expect.stringContaining('Rome is the capital of Italy. 😀') },
      { type: 'text', text: 'It is Rome.' },
    ])
  })

  test('a conversation for Anthropic’s own servers keeps what Anthropic found, byte for byte', () => {
    const messages = [user, foreign]
    expect(forAnthropic(messages, [])).toBe(messages)
  })

  test('a conversation for Anthropic’s own servers keeps searches for tools where the request offers one, so that their tools stay loaded', () => {
    const id = 'srvtoolu_gw1'
    const name = 'tool_search_tool_bm25'
    const found = [{ type: 'tool_reference', tool_name: 'get_weather' }]
    const content = [
      { type: 'server_tool_use', id, name, input: { query: 'weather' } },
      {
        type: 'tool_search_tool_result',
        tool_use_id: id,
        content: { type: 'tool_search_tool_search_result', tool_references: found },
      },
    ]
    const messages = [user, { role: 'assistant', content }]
    expect(forAnthropic(messages, [{ type: 'tool_search_tool_bm25_20251119', name }])).toBe(
      messages,
    )
    expect(forAnthropic(messages, [])[1]).toMatchObject({
      content: [{ type: 'text' }, { type: 'text' }],
    })
  })

  test('a conversation for Anthropic’s own servers has no citations of pages that became notes', () => {
    const id = 'srvtoolu_gw1'
    const page = {
      type: 'web_fetch_result',
      url: 'https://a.example',
      content: {
        type: 'document',
        source: { type: 'text', data: 'Rome is old.' },
        citations: { enabled: true },
      },
    }
    const citations = [{ type: 'char_location', document_index: 0, cited_text: 'Rome is old.' }]
    const content = [
      { type: 'server_tool_use', id, name: 'web_fetch', input: { url: 'https://a.example' } },
      { type: 'web_fetch_tool_result', tool_use_id: id, content: page },
      { type: 'text', text: 'It is old.', citations },
    ]
    const messages = [user, { role: 'assistant', content }]
    expect(forAnthropic(messages, [])[1]).toMatchObject({
      content: [
        {},
        { text: expect.stringContaining('Rome is old.') },
        { type: 'text', text: 'It is old.' },
      ],
    })
    expect(JSON.stringify(forAnthropic(messages, []))).not.toContain('char_location')
    expect(forAnyModel(messages).messages[1]).toMatchObject({
      content: [{}, {}, { text: 'It is old.[1]' }],
    })
  })
})
