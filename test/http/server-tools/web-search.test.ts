import { describe, expect, test } from 'vitest'

import { describeEvent, readEvents } from '../../support/readers/read-events.ts'
import { askSearch, createSearchHarness } from '../../support/search.ts'

const turns = [
  { calls: [['web_search', { query: 'capital of Italy' }]] as const, usage: [100, 10] as const },
  { text: ['Rome is the capital', '.[1', '] Nice.'], usage: [200, 20] as const },
]

describe('web search for a translated model', () => {
  test('web search for a translated model is run by the gateway, and the answer cites what was found', async () => {
    const { request, asked, searched } = await createSearchHarness(turns)
    const response = await request('/v1/messages', { json: askSearch })
    const message = await response.json()
    expect(message).toMatchObject({
      stop_reason: 'end_turn',
      usage: {
        input_tokens: 300,
        output_tokens: 30,
        server_tool_use: { web_search_requests: 1, web_fetch_requests: 0 },
      },
      content: [
        {
          type: 'server_tool_use',
          id: expect.stringMatching(/^srvtoolu_[a-zA-Z0-9_]+$/),
          name: 'web_search',
          input: { query: 'capital of Italy' },
        },
        {
          type: 'web_search_tool_result',
          content: [
            { type: 'web_search_result', url: 'https://rome.example/a', title: 'Rome' },
            { type: 'web_search_result', url: 'https://italy.example/b', title: 'Italy' },
          ],
        },
        {
          type: 'text',
          text: 'Rome is the capital.',
          citations: [
            {
              type: 'web_search_result_location',
              url: 'https://rome.example/a',
              title: 'Rome',
              encrypted_index: 'gw1.1.0',
              cited_text: 'Rome is the capital of Italy.',
            },
          ],
        },
        { type: 'text', text: ' Nice.' },
      ],
    })
    expect(searched().map(({ body }) => body)).toMatchObject([
      { query: 'capital of Italy', max_results: 8 },
    ])
    expect(asked()[0]).toMatchObject({
      tools: [{ type: 'function', function: { name: 'web_search' } }],
    })
    expect(asked()[1]).toMatchObject({
      messages: [
        { role: 'user' },
        { role: 'assistant', tool_calls: [{ function: { name: 'web_search' } }] },
        { role: 'tool', content: expect.stringContaining('[1] Rome\nURL: https://rome.example/a') },
      ],
    })
  })

  test('web search for a translated model is one stream of contiguous blocks', async () => {
    const { request } = await createSearchHarness(turns)
    const response = await request('/v1/messages', { json: { ...askSearch, stream: true } })
    const events = readEvents(await response.text())
    expect(events.map(describeEvent)).toEqual([
      'message_start',
      'ping',
      '0 start server_tool_use',
      '0 input_json_delta',
      '0 stop',
      '1 start web_search_tool_result',
      '1 stop',
      '2 start text',
      '2 text_delta',
      '2 text_delta',
      '2 citations_delta',
      '2 stop',
      '3 start text',
      '3 text_delta',
      '3 stop',
      'message_delta',
      'message_stop',
    ])
  })
})
