/**
 * Golden streams: what a client receives for each shape of an answer with server tools, event for event
 * (`golden/*.sse`). `vitest -u` writes them; read each line before you commit.
 */
import { describe, expect, test, vi } from 'vitest'

import { createHarness } from '../support/app.ts'
import type { ModelTurn } from '../support/search.ts'
import { askSearch, createSearchHarness, resolve, webFetch, webSearch } from '../support/search.ts'
import { eventStream, outputMessage, responsesStream } from '../support/streams/upstream-stream.ts'

vi.stubGlobal('IdentityTransformStream', TransformStream)

const search = (query: string) => ['web_search', { query }] as const
const answer: ModelTurn = { text: ['Rome is the capital', '.[1', '] Nice.'] }
const weather = { name: 'get_weather', input_schema: { type: 'object', properties: {} } }
const page = 'https://page.example/a'
const deferred = Array.from({ length: 30 }, (_, index) => ({
  name: index === 0 ? 'get_weather' : `tool_${index}`,
  description: index === 0 ? 'Weather of a city' : 'Something else',
  input_schema: { type: 'object', properties: {} },
  defer_loading: true,
}))
const toolSearch = { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' }

interface Shape {
  name: string
  turns: readonly (ModelTurn | (() => Response))[]
  json?: object
  options?: Parameters<typeof createSearchHarness>[1]
}

const endless = Array.from({ length: 4 }, () => ({ calls: [search('again')] }))

const shapes: Shape[] = [
  { name: 'one search', turns: [{ calls: [search('capital of Italy')] }, answer] },
  {
    name: 'text and thinking around a search',
    turns: [
      { reasoning: 'I should look.', text: 'Let me see.\n\n', calls: [search('a')] },
      { reasoning: 'Found.', text: 'Rome.[1]' },
    ],
  },
  { name: 'two searches at once', turns: [{ calls: [search('a'), search('b')] }, answer] },
  {
    name: 'two searches in turn',
    turns: [{ calls: [search('a')] }, { calls: [search('b')] }, answer],
  },
  {
    name: 'a search beside a call of the client',
    turns: [{ calls: [search('a'), ['get_weather', { city: 'Rome' }]] }],
    json: { tools: [webSearch, weather] },
  },
  {
    name: 'a search over max_uses',
    turns: [{ calls: [search('a'), search('b')] }, answer],
    json: { tools: [{ ...webSearch, max_uses: 1 }] },
  },
  {
    name: 'a search whose back end fails',
    turns: [{ calls: [search('a')] }, { text: 'I cannot search.' }],
    options: { search: () => new Response('down', { status: 500 }) },
  },
  {
    name: 'arguments that are not complete',
    turns: [{ calls: [search('a')], finish: 'length' }],
  },
  {
    name: 'a pause',
    turns: endless,
    options: { bounds: { max_subrequests: 5 } },
  },
  {
    name: 'a page with citations',
    turns: [{ calls: [['web_fetch', { url: page }]] }, { text: 'It is a page [1].' }],
    json: {
      tools: [{ ...webFetch, citations: { enabled: true } }],
      messages: [{ role: 'user', content: `Read ${page}` }],
    },
    options: {
      fetch: { back_end: 'direct' },
      web: (request) =>
        request.url.includes('dns-query')
          ? resolve(request)
          : new Response('This is a page. It ends.', { headers: { 'content-type': 'text/plain' } }),
    },
  },
  {
    name: 'a search for tools',
    turns: [
      { calls: [['tool_search_tool_bm25', { query: 'weather' }]] },
      { calls: [['get_weather', { city: 'Rome' }]] },
    ],
    json: { tools: [toolSearch, ...deferred] },
  },
  {
    name: 'a later model call that fails',
    turns: [
      { text: 'Let me see.', calls: [search('a')] },
      ...Array.from({ length: 9 }, () => () => new Response('{}', { status: 500 })),
    ],
  },
]

describe('an answer with', () => {
  test.each(shapes)(
    'an answer with $name streams as in its golden',
    async ({ name, turns, json, options }) => {
      const harness = await createSearchHarness(turns, options)
      const response = await harness.request('/v1/messages', {
        json: { ...askSearch, stream: true, ...json },
        headers: { 'x-stainless-timeout': '1' },
      })
      await expect(toGolden(await response.text())).toMatchFileSnapshot(toFile(name))
    },
  )
})

const rome = 'https://rome.example/a'
const sources = [{ type: 'url', url: rome }]
const searchCall = {
  type: 'web_search_call',
  id: 'ws_1',
  status: 'completed',
  action: { type: 'search', query: 'capital of Italy', sources },
}
const results = [{ url: rome, title: 'Rome', snippet: 'Rome is the capital.', date: '2026-01-02' }]
const grounding = {
  webSearchQueries: ['capital of Italy'],
  groundingChunks: [{ web: { uri: rome, title: 'rome.example' } }],
  groundingSupports: [
    { segment: { endIndex: 28, text: 'Rome is it.' }, groundingChunkIndices: [0] },
  ],
}
const url_citation = { url: rome, title: 'Rome', content: 'Rome is the capital.', end_index: 11 }

const providers = [
  {
    name: 'the search of the Responses API',
    preset: 'openai-responses',
    upstream: () =>
      responsesStream(searchCall, outputMessage('Rome is it. Nice.', { 'Rome is it.': rome })),
  },
  {
    name: 'numbered results of the Responses API',
    preset: 'perplexity',
    upstream: () =>
      responsesStream(
        { type: 'search_results', queries: ['capital of Italy'], results },
        outputMessage('Rome is it.[1] Nice.'),
      ),
  },
  {
    name: 'the grounding of Gemini',
    preset: 'gemini',
    upstream: () =>
      eventStream(
        { candidates: [{ content: { parts: [{ text: 'The capital:\n\n' }] } }] },
        { candidates: [{ content: { parts: [{ text: 'It is. Rome is it. Nice.' }] } }] },
        { candidates: [{ finishReason: 'STOP', groundingMetadata: grounding }] },
      ),
  },
  {
    name: 'the annotations of chat completions',
    preset: 'openrouter',
    upstream: () =>
      eventStream(
        { choices: [{ index: 0, delta: { content: 'Rome is it. Nice.' } }] },
        {
          choices: [{ index: 0, delta: { annotations: [{ type: 'url_citation', url_citation }] } }],
        },
        { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      ),
  },
]

describe('an answer of a provider that searches itself, with', () => {
  test.each(providers)(
    'an answer of a provider that searches itself, with $name, streams as in its golden',
    async ({ name, preset, upstream }) => {
      const harness = await createHarness({
        vars: { KEY: 'k' },
        catalog: {
          version: 1,
          providers: { p: { preset, secret: 'KEY' } },
          models: [{ id: 'm', targets: [{ provider: 'p', model: 'up' }] }],
          server_tools: { web_search: { back_end: 'native' } },
        },
        upstream,
      })
      const json = { ...askSearch, stream: true }
      const response = await harness.request('/v1/messages', { json })
      await expect(toGolden(await response.text())).toMatchFileSnapshot(toFile(name))
    },
  )
})

/** Without the time of day. */
function toGolden(text: string): string {
  return text.replace(/"retrieved_at":"[^"]+"/g, '"retrieved_at":"…"')
}

function toFile(name: string): string {
  return `golden/${name.replaceAll(/\W+/g, '-')}.sse`
}
