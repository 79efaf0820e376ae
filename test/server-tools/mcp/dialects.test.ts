/** MCP servers over each protocol of providers. */
import { describe, expect, test } from 'vitest'

import '../../support/workers-platform.ts'
import { use, user } from '../../../src/cli/conformance/material/prompts.ts'
import type { PresetName } from '../../../src/providers/index.ts'
import { modelOf } from '../../conformance/representative-models.ts'
import { createWorld } from '../../conformance/world.ts'
import { askMcp, scriptMcp } from '../../support/mcp.ts'
import { readEvents } from '../../support/readers/read-events.ts'
import { resolve } from '../../support/search.ts'

const schema = { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] }
const presets: PresetName[] = ['openai', 'openai-responses', 'gemini', 'bedrock', 'demo']

describe.each(presets)('a model of the preset %s', (preset) => {
  test.each([false, true])(
    'a model of each dialect calls a tool of an MCP server (stream: %s)',
    async (stream) => {
      const calls: unknown[] = []
      const script = scriptMcp({
        tools: [{ name: 'add', description: 'Adds numbers', inputSchema: schema }],
        call: (name, input) => {
          calls.push([name, input])
          return { content: [{ type: 'text', text: 'The sum is three.' }] }
        },
      })
      const { access } = await createWorld(preset, modelOf(preset), async (request) =>
        request.url.includes('dns-query') ? resolve(request) : script(request),
      )
      const response = await access.fetch(`${access.url}/v1/messages`, {
        method: 'POST',
        headers: { 'x-api-key': access.key, 'content-type': 'application/json' },
        body: JSON.stringify({
          ...askMcp,
          model: access.model,
          stream,
          messages: [user(use('mcp__calc__add', { a: 3 }))],
        }),
      })
      const text = await response.text()
      const blocks = stream
        ? readEvents(text).flatMap(({ content_block: block }) => block ?? [])
        : (JSON.parse(text) as { content: object[] }).content
      expect(blocks.filter((block) => JSON.stringify(block).includes('"mcp_'))).toEqual([
        {
          type: 'mcp_tool_use',
          id: expect.stringMatching(/^mcptoolu_/),
          name: 'add',
          server_name: 'calc',
          input: stream ? {} : { a: 3 },
        },
        expect.objectContaining({
          type: 'mcp_tool_result',
          is_error: false,
          content: [{ type: 'text', text: 'The sum is three.' }],
        }),
      ])
      expect(blocks.at(-1)).toMatchObject({ type: 'text' })
      expect(calls).toEqual([['add', { a: 3 }]])
    },
  )
})
