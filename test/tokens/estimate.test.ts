import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { countTokensRequest, parseRequest } from '../../src/anthropic/request/request.ts'
import { estimateText, estimateTokens } from '../../src/tokens/estimate.ts'

const PARAGRAPH =
  'The scheduler keeps a queue for each worker, and steals from the longest one when its own is empty.\n'

function estimate(body: object): number {
  return estimateTokens(parseRequest(countTokensRequest, { model: 'gpt-5', messages: [], ...body }))
}

function ofUser(...content: object[]): number {
  return estimate({ messages: [{ role: 'user', content }] })
}

/** What a block adds to a message that has something else as well. */
function ofBlock(block: object): number {
  return ofUser({ type: 'text', text: 'See:' }, block) - ofUser({ type: 'text', text: 'See:' })
}

describe('the estimate of a request', () => {
  test('the estimate of a request is at least 1, even for an empty prompt', () => {
    expect(estimate({})).toBeGreaterThanOrEqual(1)
    expect(estimateText('a')).toBeGreaterThanOrEqual(1)
    expect(estimateText('')).toBe(0)
  })

  test('the estimate of a request is slightly above the true number of tokens', () => {
    // 20 tokens each to o200k.
    expect(estimateText(PARAGRAPH.repeat(10), 'gpt-5')).toBeGreaterThanOrEqual(200)
    expect(estimateText(PARAGRAPH.repeat(10), 'gpt-5')).toBeLessThanOrEqual(220)
  })

  test('the estimate of a request is monotonic in the length of the text, except for rounding', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...PARAGRAPH.split(' '), '件数', '\n\n', '  ', '{"a": 1}', '🎉')),
        (words) => {
          const text = words.join(' ')
          expect(estimateText(`${text}${PARAGRAPH}`)).toBeGreaterThan(estimateText(text))
          expect(estimateText(`${text} more`)).toBeGreaterThanOrEqual(estimateText(text) - 1)
        },
      ),
    )
  })

  test.each([
    ['the system prompt', { system: PARAGRAPH }],
    ['the blocks of the system prompt', { system: [{ type: 'text', text: PARAGRAPH }] }],
    ['a message', { messages: [{ role: 'user', content: PARAGRAPH }] }],
    [
      'an output format',
      { output_config: { format: { type: 'json_schema', schema: { description: PARAGRAPH } } } },
    ],
    [
      'a tool',
      { tools: [{ name: 'look', description: PARAGRAPH, input_schema: { type: 'object' } }] },
    ],
    [
      'a tool of Anthropic',
      { tools: [{ type: 'web_search_20260318', name: 'web_search', note: PARAGRAPH }] },
    ],
    [
      "a tool's schema",
      {
        tools: [
          {
            name: 'look',
            input_schema: { type: 'object', properties: { at: { description: PARAGRAPH } } },
          },
        ],
      },
    ],
  ])('the estimate of a request includes %s', (_, body) => {
    expect(estimate(body) - estimate({})).toBeGreaterThan(20)
    expect(estimate(body) - estimate({})).toBeLessThan(80)
  })

  test.each([
    ['text', { type: 'text', text: PARAGRAPH }],
    ['thinking', { type: 'thinking', thinking: PARAGRAPH, signature: 'c2ln'.repeat(500) }],
    ['a call', { type: 'tool_use', id: 'toolu_1', name: 'look', input: { at: PARAGRAPH } }],
    ["a call's result", { type: 'tool_result', tool_use_id: 'toolu_1', content: PARAGRAPH }],
    [
      'the blocks of a result',
      { type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: PARAGRAPH }] },
    ],
    [
      'a result that is an object',
      { type: 'tool_result', tool_use_id: 'toolu_1', content: { said: PARAGRAPH } },
    ],
    [
      'a search result',
      {
        type: 'search_result',
        source: 'https://example.com',
        title: 'Queues',
        content: [{ type: 'text', text: PARAGRAPH }],
      },
    ],
    ['a document of text', { type: 'document', source: { type: 'text', data: PARAGRAPH } }],
    [
      'a document of blocks',
      {
        type: 'document',
        source: { type: 'content', content: [{ type: 'text', text: PARAGRAPH }] },
      },
    ],
    [
      'a text file',
      {
        type: 'document',
        source: { type: 'base64', media_type: 'text/plain', data: btoa(PARAGRAPH) },
      },
    ],
    [
      'a block of an unknown type by its text',
      { type: 'connector_text', connector_text: PARAGRAPH },
    ],
  ])('the estimate of a request includes %s', (_, block) => {
    expect(ofBlock(block)).toBeGreaterThanOrEqual(20)
    expect(ofBlock(block)).toBeLessThan(60)
  })

  test('the estimate of a request never counts base64 as text', () => {
    const data = Buffer.alloc(300_000, PARAGRAPH).toString('base64')
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data } }
    expect(ofBlock(image)).toBeLessThanOrEqual(1650)
    expect(ofBlock({ type: 'tool_result', tool_use_id: 'toolu_1', content: [image] })).toBeLessThan(
      1700,
    )
    expect(ofBlock({ type: 'container_upload', file: { data } })).toBeLessThan(50)
    expect(ofBlock({ type: 'redacted_thinking', data })).toBe(0)
  })

  test('the estimate of a request counts a PDF by the pages that its size implies', () => {
    const pdf = (bytes: number): object => ({
      type: 'document',
      source: { type: 'base64', media_type: 'application/pdf', data: 'A'.repeat((bytes / 3) * 4) },
    })
    expect(ofBlock(pdf(30_000))).toBeGreaterThan(2000)
    expect(ofBlock(pdf(300_000))).toBeGreaterThan(3 * ofBlock(pdf(30_000)))
    expect(ofBlock(pdf(30_000_000))).toBeLessThan(300_000)
  })

  test('the estimate of a request counts images and documents by URL as large ones', () => {
    expect(
      ofBlock({ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }),
    ).toBeGreaterThan(1500)
    expect(
      ofBlock({ type: 'document', source: { type: 'file', file_id: 'file_1' } }),
    ).toBeGreaterThan(5000)
  })

  test('the estimate of a request uses the tokenizer of the target’s model', () => {
    const text = '东京的天气怎么样？'.repeat(100)
    expect(estimateText(text, 'mistral-large')).toBeGreaterThan(1.05 * estimateText(text, 'gpt-5'))
    const request = parseRequest(countTokensRequest, {
      model: 'claude-sonnet',
      messages: [{ role: 'user', content: text }],
    })
    expect(estimateTokens(request, 'gpt-5')).toBeLessThan(estimateTokens(request, 'mistral-large'))
  })

  test('the estimate of a request takes linear time', () => {
    const [short, long] = [PARAGRAPH.repeat(500), PARAGRAPH.repeat(5000)]
    const fastest = (text: string): number =>
      Math.min(
        ...Array.from({ length: 30 }, () => {
          const start = performance.now()
          estimateText(text)
          return performance.now() - start
        }),
      )
    fastest(short)
    expect(fastest(long) / fastest(short)).toBeLessThan(15)
  })
})
