// cspell:words geeksforgeeks straitstimes toukei vertexaisearch
/** Recorded answers of providers that searched the web themselves, as a client receives them. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test, vi } from 'vitest'

import { foldMessage } from '../../src/anthropic/answer/fold.ts'
import type { Citation } from '../../src/anthropic/answer/wire/citation.ts'
import type { StreamEvent } from '../../src/anthropic/answer/wire/message.ts'
import { createHarness } from '../support/app.ts'
import { readEvents } from '../support/readers/read-events.ts'

vi.stubGlobal('IdentityTransformStream', TransformStream)

const folder = join(import.meta.dirname, '../../../shared/recordings')

const answers = [
  {
    file: 'openai-responses/openai-fantasy-testopenaiwebsearch-stream-testdata.sse',
    preset: 'openai-responses',
    blocks: 'server_tool_use web_search_tool_result text text',
    searches: 1,
    cited: ['www.toukei.metro.tokyo.lg.jp'],
  },
  {
    file: 'openai-responses/openai-reqllm-gpt-5-mini-web-search-streaming.sse',
    preset: 'openai-responses',
    blocks: 'server_tool_use web_search_tool_result server_tool_use web_search_tool_result text',
    searches: 2,
    cited: ['blog.google'],
  },
  {
    file: 'openai-responses/azure-vercel-azure-web-search-preview-tool.1.json',
    preset: 'openai-responses',
    blocks:
      'server_tool_use web_search_tool_result server_tool_use web_search_tool_result text text',
    searches: 2,
    cited: ['www.straitstimes.com'],
  },
  {
    file: 'openai-responses/xai-reqllm-grok-4-fast-reasoning-web-search-streaming.sse',
    preset: 'xai',
    blocks: 'server_tool_use web_search_tool_result text',
    searches: 1,
    cited: ['openai.com'],
  },
  {
    file: 'gemini/google-reqllm-gemini-3-flash-preview-grounding-streaming.sse',
    preset: 'gemini',
    blocks: 'text server_tool_use web_search_tool_result text text',
    searches: 7,
    cited: ['vertexaisearch.cloud.google.com'],
  },
  {
    file: 'openai-chat/openrouter-rubyllm-citations-with-openrouter-perplexity-sonar-returns-search-result-citations.json',
    preset: 'openrouter',
    blocks: `server_tool_use web_search_tool_result${' text'.repeat(8)}`,
    searches: 1,
    cited: [
      'en.wikipedia.org',
      'www.oracle.com',
      'www.ruby-lang.org',
      'www.geeksforgeeks.org',
      'www.britannica.com',
    ],
  },
]

describe.skipIf(!existsSync(folder))('a recorded answer of a provider that searched', () => {
  test.each(answers)(
    'a recorded answer of a provider that searched $file has its searches and citations as blocks',
    async (recorded) => {
      const { file, preset } = recorded
      const isStream = file.endsWith('.sse')
      const { request } = await createHarness({
        vars: { KEY: 'k' },
        catalog: {
          version: 1,
          providers: { p: { preset, secret: 'KEY' } },
          models: [{ id: 'm', targets: [{ provider: 'p', model: 'up' }] }],
          server_tools: { web_search: { back_end: 'native' } },
        },
        upstream: () => toResponse(readFileSync(join(folder, file)), isStream),
      })
      const response = await request('/v1/messages', {
        json: {
          model: 'm',
          max_tokens: 1000,
          stream: isStream,
          tools: [{ type: 'web_search_20250305', name: 'web_search' }],
          messages: [{ role: 'user', content: 'What is new?' }],
        },
      })
      const message: Answer = JSON.parse(
        isStream ? toMessage(await response.text()) : await response.text(),
      )
      const citations = message.content.flatMap((block) => block.citations ?? [])
      expect(message.content.map(({ type }) => type).join(' ')).toBe(recorded.blocks)
      expect(new Set(citations.map(({ url }) => new URL(url).hostname))).toEqual(
        new Set(recorded.cited),
      )
      expect(message.usage.server_tool_use.web_search_requests).toBe(recorded.searches)
      expect(message.content.every(({ text }) => text === undefined || text.trim() !== '')).toBe(
        true,
      )
    },
  )
})

interface Answer {
  content: {
    type: string
    text?: string
    citations?: Extract<Citation, { url: string }>[]
  }[]
  usage: { server_tool_use: { web_search_requests: number } }
}

function toMessage(events: string): string {
  return JSON.stringify(foldMessage(readEvents(events) as StreamEvent[]))
}

/** Without a byte stream, of which Node lacks a method. */
function toResponse(bytes: Uint8Array, isStream: boolean): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })
  const type = isStream ? 'text/event-stream' : 'application/json'
  return new Response(body, { headers: { 'content-type': type } })
}
