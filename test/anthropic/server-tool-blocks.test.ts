import { describe, expect, test } from 'vitest'

import { foldMessage } from '../../src/anthropic/answer/fold.ts'
import type { Part } from '../../src/anthropic/answer/part.ts'
import { content, input, stop, text, tool, write } from './written-parts.ts'

describe('a tool that runs at the server', () => {
  const search: Part = {
    type: 'tool-start',
    call: 0,
    id: 'srvtoolu_0',
    name: 'web_search',
    isServer: true,
  }
  const found: Part = {
    type: 'block',
    block: { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_0', content: [] },
  }
  const cited = {
    type: 'web_search_result_location' as const,
    url: 'https://a.example/',
    title: 'A',
    encrypted_index: 'gw1.1.0',
    cited_text: 'x',
  }

  test('a tool that runs at the server has a call whose input is folded, a whole result, and does not make the client run anything', () => {
    const answer = foldMessage(write(search, input(0, '{"query":"x"}'), found, text('a'), stop))
    expect(answer.stop_reason).toBe('end_turn')
    expect(answer.content).toEqual([
      { type: 'server_tool_use', id: 'srvtoolu_0', name: 'web_search', input: { query: 'x' } },
      { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_0', content: [] },
      { type: 'text', text: 'a' },
    ])
  })

  test('a tool that runs at the server has its result written after a call of the client’s that is still open', () => {
    const end: Part = { type: 'tool-end', call: 1 }
    const blocks = content(search, tool(1), found, input(0, '{}'), end, stop)
    expect(blocks.map(({ type }) => type)).toEqual([
      'server_tool_use',
      'tool_use',
      'web_search_tool_result',
    ])
  })

  test('a tool that runs at the server is cited by the text block that is open', () => {
    const blocks = content(
      text('a'),
      { type: 'citation', citation: cited },
      { type: 'text-end' },
      text('b'),
      stop,
    )
    expect(blocks).toEqual([
      { type: 'text', text: 'a', citations: [cited] },
      { type: 'text', text: 'b' },
    ])
  })

  test('a tool that runs at the server is counted in the final usage', () => {
    const counts = { web_search_requests: 1, web_fetch_requests: 0 }
    const { usage } = foldMessage(
      write(text('a'), {
        type: 'stop',
        reason: 'end_turn',
        serverUsage: { server_tool_use: counts },
      }),
    )
    expect(usage.server_tool_use).toEqual(counts)
  })
})
