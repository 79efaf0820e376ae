/** Blocks of server tools in Anthropic's own streams, beside those that the gateway writes. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { AnswerWriter } from '../../src/anthropic/answer/answer-writer.ts'
import type { Part } from '../../src/anthropic/answer/part.ts'
import { askSearch, createSearchHarness } from '../support/search.ts'

const folder = join(import.meta.dirname, '../../../shared/recordings/anthropic')

/** Streams with one fetch of a page. */
const names = [
  'anthropic-chatlas-test-echo-display-providers-test-anthropic-fetch-panel.sse',
  'anthropic-pydai-test-anthropic-web-fetch-tool-stream.sse',
]

interface Event {
  type: string
  index?: number
  content_block?: Record<string, unknown>
  delta?: { type: string }
  usage?: Record<string, unknown>
}

const own: Part[] = [
  { type: 'tool-start', call: 0, id: 'srvtoolu_gw1', name: 'web_fetch', isServer: true },
  { type: 'tool-delta', call: 0, json: '{"url": "https://a.example"}' },
  { type: 'tool-end', call: 0 },
  {
    type: 'block',
    block: {
      type: 'web_fetch_tool_result',
      tool_use_id: 'srvtoolu_gw1',
      content: {
        type: 'web_fetch_result',
        url: 'https://a.example',
        retrieved_at: '2026-11-28T10:00:00.000Z',
        content: {
          type: 'document',
          source: { type: 'text', media_type: 'text/plain', data: 'A page.' },
          title: 'A',
        },
      },
    },
  },
  { type: 'text-delta', text: 'Done.' },
  {
    type: 'stop',
    reason: 'end_turn',
    serverUsage: { server_tool_use: { web_search_requests: 0, web_fetch_requests: 1 } },
  },
]

describe.skipIf(!existsSync(folder))('a recorded answer with a fetched page', () => {
  test.each(names)(
    'a recorded answer with a fetched page %s has the events and fields that the gateway writes',
    (name) => {
      const text = readFileSync(join(folder, name), 'utf8')
      const recorded = text
        .split('\n')
        .filter((line) => line.startsWith('data: '))
        .map((line): Event => JSON.parse(line.slice('data: '.length)))
      expect(toShape(write())).toEqual(toShape(recorded))
    },
  )
})

/** Messages with searches; newer versions of the tool have a `caller` in each block. */
const searches = [
  'anthropic-pydai-test-pause-turn-web-search-vcr.json',
  'anthropic-rig-opus-4-8-web-search-with-dynamic-filtering-succeeds.json',
]

interface Answer {
  content: { type: string; name?: string; content?: unknown }[]
}

describe.skipIf(!existsSync(folder))('a recorded message with web searches', () => {
  test.each(searches)(
    'a recorded message with web searches %s has the blocks and fields that the gateway writes',
    async (name) => {
      const recorded: Answer = JSON.parse(readFileSync(join(folder, name), 'utf8'))
      const { request } = await createSearchHarness([
        { calls: [['web_search', { query: 'a' }]] },
        { text: 'Rome.' },
      ])
      const response = await request('/v1/messages', { json: askSearch })
      expect(toFields(await response.json<Answer>())).toEqual(toFields(recorded))
    },
  )
})

/** The fields of a call, of its result, and of the first entry of that. */
function toFields({ content }: Answer): unknown[] {
  const call = content.find(({ name }) => name === 'web_search')
  const result = content.find(({ type }) => type === 'web_search_tool_result')
  const entries: unknown[] = Array.isArray(result?.content) ? result.content : []
  return [call, result, entries[0]].map((block) => withoutValues(fieldsOf(block)))
}

/** Without what a model wrote into a call, and without who may have made it. */
function withoutValues(fields: unknown): unknown {
  return Array.isArray(fields)
    ? fields
        .filter(([name]) => name !== 'caller')
        .map((field) => (field[0] === 'input' ? 'input' : field))
    : fields
}

function write(): Event[] {
  const writer = new AnswerWriter({
    id: 'msg_1',
    model: 'm',
    requestId: 'req_1',
    estimatedInput: () => 1,
    isFolded: false,
  })
  writer.write(own)
  return writer.takeEvents().map((event): Event => JSON.parse(JSON.stringify(event)))
}

/** From the call on: what happens in which order, and the fields of blocks without their values. */
function toShape(events: readonly Event[]): unknown[] {
  const from = events.findIndex(({ content_block: block }) => block?.['type'] === 'server_tool_use')
  const first = events[from]?.index ?? 0
  const shapes = events.slice(from).flatMap((event): unknown[] => {
    switch (event.type) {
      case 'content_block_start':
        return [['start', (event.index ?? 0) - first, fieldsOf(event.content_block)]]
      case 'content_block_delta':
        return [['delta', (event.index ?? 0) - first, event.delta?.type]]
      case 'message_delta':
        return [['end', fieldsOf(event.usage?.['server_tool_use'])]]
      default:
        return []
    }
  })
  const texts = shapes.map((shape) => JSON.stringify(shape))
  return texts.filter((text, index) => text !== texts[index - 1])
}

/** Names of fields, sorted, and the type where it says so. */
function fieldsOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return undefined
  }
  return Object.entries(value)
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([key, field]: [string, unknown]) => [key, key === 'type' ? field : fieldsOf(field)])
}
