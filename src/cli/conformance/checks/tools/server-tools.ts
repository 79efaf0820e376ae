/** Tools that the endpoint runs by itself. */
import { asArray, asObject, asString } from '../../../../anthropic/json.ts'
import { defineSubject } from '../../check.ts'
import type { Answer } from '../../endpoint/answer.ts'
import { ofType } from '../../endpoint/answer.ts'
import type { Finding } from '../../finding.ts'
import { need, partial, partialUnless } from '../../finding.ts'
import { use, user } from '../../material/prompts.ts'
import { textTool, weather } from '../../material/tools.ts'

const search = { type: 'web_search_20250305', name: 'web_search', max_uses: 1 }

/** A public server without sign-in (https://developers.cloudflare.com/agents/model-context-protocol/mcp-servers-for-cloudflare/). */
const docsServer = { type: 'url', url: 'https://docs.mcp.cloudflare.com/mcp', name: 'docs' }

const searchPrompt = user('Search the web for the capital of Italy')

/** The results of a server tool that belong to its calls. */
function findingOf({ blocks, calls }: Answer, type: string): Finding | undefined {
  need(calls.length === 0, 'the client is asked to run the tool')
  const ids = ofType(blocks, 'server_tool_use').map(({ id }) => id)
  const results = ofType(blocks, type)
  if (ids.length === 0) {
    return partial('answered without the tool')
  }
  need(
    results.every(({ tool_use_id: id }) => ids.includes(id)),
    'a result belongs to no call',
  )
  need(results.length > 0, 'the result is missing')
  const isError = results.some(({ content }) =>
    asString(asObject(content)?.['type'])?.endsWith('_error'),
  )
  return partialUnless(!isError, 'the tool failed')
}

const subject = { name: 'server-tools', title: 'Server tools', mayRefuse: true, about: ['tools'] }

/** Checks of tools that the endpoint runs by itself. */
export const serverTools = defineSubject(subject, {
  'web-search': {
    title: 'searches the web, with results in Anthropic’s blocks',
    run: async (endpoint) =>
      findingOf(
        await endpoint.ask({ tools: [search], messages: [searchPrompt] }),
        'web_search_tool_result',
      ),
    tokens: { input: 8000, output: 500 },
  },
  'web-search-stream': {
    title: 'streams a web search legally, and cites its results',
    run: async (endpoint) => {
      const answer = await endpoint.stream({ tools: [search], messages: [searchPrompt] })
      const finding = findingOf(answer, 'web_search_tool_result')
      const cited = answer.blocks.flatMap(({ citations }) => asArray(citations))
      return finding ?? partialUnless(cited.length > 0, 'no citations')
    },
    tokens: { input: 8000, output: 500 },
  },
  'web-search-usage': {
    title: 'counts web searches in the usage',
    run: async (endpoint) => {
      const answer = await endpoint.ask({ tools: [search], messages: [searchPrompt] })
      const finding = findingOf(answer, 'web_search_tool_result')
      const counts = asObject(asObject(answer.message['usage'])?.['server_tool_use'])
      return finding ?? partialUnless(Number(counts?.['web_search_requests']) > 0, 'none')
    },
    tokens: { input: 8000, output: 500 },
  },
  'code-execution': {
    title: 'runs code on the server',
    run: async (endpoint) => {
      const tools = [{ type: 'code_execution_20250825', name: 'code_execution' }]
      const messages = [user('Use the code execution tool to compute 12345 * 6789 in Python.')]
      const { blocks, text } = await endpoint.ask({ tools, messages })
      const used = ofType(blocks, 'server_tool_use').length > 0
      need(text !== '' || used, 'the answer is empty')
      return partialUnless(used, 'answered without the tool')
    },
    tokens: { input: 3000, output: 500 },
  },
  'tool-search': {
    title: 'finds a deferred tool by tool search, and calls it',
    run: async (endpoint) => {
      const deferred = ['parrot', 'finch', 'swift', 'crane'].map((bird) => ({
        ...textTool(`feed_${bird}`, 'food'),
        defer_loading: true,
      }))
      const tools = [
        { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' },
        ...deferred,
      ]
      const messages = [user(use('feed_finch', { food: 'seeds' }))]
      const { calls } = await endpoint.ask({ tools, messages })
      need(calls[0]?.['name'] === 'feed_finch', 'the deferred tool is not called')
    },
    tokens: { input: 2000, output: 300 },
  },
  mcp: {
    title: 'calls a tool of an MCP server, with its result in Anthropic’s blocks',
    about: ['mcp_servers', 'tools'],
    mayRefuse: true,
    run: async (endpoint) => {
      const fields = {
        mcp_servers: [docsServer],
        tools: [{ type: 'mcp_toolset', mcp_server_name: docsServer.name }],
        messages: [
          user(use('mcp__docs__search_cloudflare_documentation', { query: 'Durable Objects' })),
        ],
      }
      const headers = { 'anthropic-beta': 'mcp-client-2025-11-20' }
      const { blocks, calls } = await endpoint.ask(fields, headers)
      need(calls.length === 0, 'the client is asked to run the tool')
      const [call] = ofType(blocks, 'mcp_tool_use')
      const result = ofType(blocks, 'mcp_tool_result').find(
        ({ tool_use_id: id }) => id === call?.['id'],
      )
      if (call === undefined) {
        return partial('answered without the tool')
      }
      need(result !== undefined, 'the result is missing')
      return result?.['is_error'] === true ? partial('the tool failed') : undefined
    },
    tokens: { input: 4000, output: 500 },
  },
  'beside-client-tools': {
    title: 'leaves calls of client tools to the client beside a server tool',
    about: ['tools.1'],
    run: async (endpoint) => {
      const messages = [user(use('get_weather', { city: 'Oslo' }))]
      const { calls, stopReason } = await endpoint.ask({ tools: [search, weather], messages })
      need(calls.length === 1 && stopReason === 'tool_use', 'the client tool is not called')
    },
    tokens: { input: 3000, output: 300 },
  },
})
