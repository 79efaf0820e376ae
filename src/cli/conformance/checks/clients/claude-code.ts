/** Claude Code: its requests, in the shape that version 2.1 sends, with words of our own. */
import type { JsonObject } from '../../../../anthropic/json.ts'
import { asArray, asCount, asObject, asString, parseJson } from '../../../../anthropic/json.ts'
import { defineSubject } from '../../check.ts'
import type { Endpoint, StreamedAnswer } from '../../endpoint/endpoint.ts'
import { accepted } from '../../endpoint/reply.ts'
import { need, partialUnless } from '../../finding.ts'
import { assistant, codeWord, recall, result, say, use, user } from '../../material/prompts.ts'

const path = '/v1/messages?beta=true'

const headers = {
  'user-agent': 'claude-cli/2.1.330 (external, sdk-cli)',
  'x-app': 'cli',
  'anthropic-dangerous-direct-browser-access': 'true',
  'anthropic-beta': [
    'claude-code-20250219',
    'interleaved-thinking-2025-05-14',
    'context-management-2025-06-27',
    'per-turn-control-2026-07-01',
    'mid-conversation-tool-changes-2026-07-01',
    'thinking-token-count-2026-05-13',
    'advanced-tool-use-2025-11-20',
    'effort-2025-11-24',
  ].join(','),
}

const cache_control = { type: 'ephemeral' }

/** A tool as it describes its own. */
function tool(name: string, properties: JsonObject, required: readonly string[]): JsonObject {
  return {
    name,
    description: `The ${name} tool.`,
    input_schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties,
      required,
      additionalProperties: false,
    },
  }
}

const tools = [
  tool(
    'Bash',
    {
      command: { type: 'string' },
      timeout: { type: 'number', exclusiveMinimum: 0, maximum: 600_000 },
      run_in_background: { type: 'boolean', default: false },
    },
    ['command'],
  ),
  tool('Read', { file_path: { type: 'string' }, pages: { type: 'string' } }, ['file_path']),
  tool('ToolSearch', { query: { type: 'string' } }, ['query']),
  { ...tool('DeferredToolPlaceholder', {}, []), defer_loading: true },
]

const fields: JsonObject = {
  max_tokens: 32_000,
  tools,
  metadata: { user_id: JSON.stringify({ device_id: 'd', account_uuid: '', session_id: 's' }) },
  thinking: { type: 'adaptive', display: 'omitted' },
  context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
  output_config: { effort: 'medium' },
  system: [
    {
      type: 'text',
      text: 'x-anthropic-billing-header: cc_version=2.1.330.0a1; cc_entrypoint=sdk-cli;',
    },
    { type: 'text', text: 'You are a coding agent.', cache_control },
    { type: 'text', text: `Use the tools. ${codeWord('SISKIN')}`, cache_control },
  ],
}

/** The environment that it describes to the model within the conversation. */
const environment = {
  role: 'system',
  content: [{ type: 'text', text: 'Working directory: /work', cache_control }],
  output_config: { effort: 'medium' },
}

function stream(endpoint: Endpoint, more: JsonObject): Promise<StreamedAnswer> {
  return endpoint.stream({ ...fields, ...more }, { path, headers })
}

const tokens = { input: 900, output: 400 }

const subject = { name: 'claude-code', title: 'Claude Code' }

/** Checks of the requests that Claude Code sends. */
export const claudeCode = defineSubject(subject, {
  hello: {
    title: 'answers HEAD /api/hello without a key',
    run: async (endpoint) => {
      const { status } = await endpoint.send('/api/hello', {
        method: 'HEAD',
        headers: { 'x-api-key': undefined },
      })
      need(status < 500, `the status is ${status}`)
      return partialUnless(status === 200, `${status} instead of 200`)
    },
    tokens: { input: 0, output: 0 },
  },
  prompt: {
    title: 'answers a prompt',
    run: async (endpoint) => {
      const { text } = await stream(endpoint, { messages: [user(say('PELICAN')), environment] })
      need(text.includes('PELICAN'), 'the answer is not the requested text')
    },
    tokens,
  },
  'system-prompt': {
    title: 'gives the model its system prompt',
    run: async (endpoint) => {
      const { text } = await stream(endpoint, { messages: [user(recall), environment] })
      need(text.includes('SISKIN'), 'the model does not know the third block')
    },
    tokens,
  },
  'tool-loop': {
    title: 'calls a tool, and answers from its result',
    run: async (endpoint) => {
      const question = user(use('Bash', { command: 'cat word.txt' }))
      const first = await stream(endpoint, { messages: [question, environment] })
      const [call] = first.calls
      need(call?.['name'] === 'Bash', 'Bash is not called')
      need(first.stopReason === 'tool_use', `stop_reason is ${first.stopReason}`)
      const output = result(call['id'], codeWord('REDSTART'), { is_error: false, cache_control })
      const messages = [
        question,
        { ...environment, content: 'Working directory: /work' },
        assistant(...first.blocks),
        user(output, recall),
      ]
      const { text } = await stream(endpoint, { messages })
      need(text.includes('REDSTART'), 'the model does not know the result')
    },
    tokens: { input: 1800, output: 800 },
  },
  'deferred-tool': {
    title: 'accepts a deferred tool that its own search has loaded',
    run: async (endpoint) => {
      const found = {
        ...tool('WebFetch', { url: { type: 'string' } }, ['url']),
        defer_loading: true,
      }
      const search = {
        type: 'tool_use',
        id: 'toolu_search1',
        name: 'ToolSearch',
        input: { query: 'select:WebFetch' },
        caller: { type: 'direct' },
      }
      const loaded = result('toolu_search1', [{ type: 'tool_reference', tool_name: 'WebFetch' }])
      const messages = [
        user(use('WebFetch', { url: 'https://example.com' })),
        environment,
        assistant(search),
        user(loaded, use('WebFetch', { url: 'https://example.com' })),
      ]
      const { calls } = await stream(endpoint, { tools: [...tools, found], messages })
      need(calls[0]?.['name'] === 'WebFetch', 'the loaded tool is not called')
    },
    tokens,
  },
  title: {
    title: 'answers the request for a title with JSON of its schema',
    mayRefuse: true,
    about: ['output_config.format'],
    run: async (endpoint) => {
      const schema = {
        type: 'object',
        properties: { title: { type: 'string' } },
        required: ['title'],
        additionalProperties: false,
      }
      const { text } = await endpoint.stream(
        {
          max_tokens: 32_000,
          system: [{ type: 'text', text: 'Write a title for the session.' }],
          tools: [],
          thinking: { type: 'disabled' },
          output_config: { effort: 'low', format: { type: 'json_schema', schema } },
          messages: [user('Fix the test of the parser. {"title": "Fix the parser"}')],
        },
        { path, headers },
      )
      const title = asString(asObject(parseJson(text))?.['title'])
      need(title !== undefined, 'the answer does not match the schema')
    },
  },
  'counts-at-once': {
    title: 'counts the tokens of many small requests at the same time',
    mayRefuse: true,
    run: async (endpoint) => {
      const body = {
        model: endpoint.access.model,
        messages: [{ role: 'user', content: 'foo' }],
        tools: [],
      }
      const beta = { ...headers, 'anthropic-beta': 'token-counting-2024-11-01' }
      const replies = await Promise.all(
        Array.from({ length: 12 }, () =>
          endpoint.post('/v1/messages/count_tokens?beta=true', body, beta),
        ),
      )
      for (const reply of replies) {
        need((asCount(accepted(reply).json?.['input_tokens']) ?? 0) > 0, 'a count is 0 or missing')
      }
    },
    tokens: { input: 0, output: 0 },
  },
  discovery: {
    title: 'lists all models on one page, some of them named claude or anthropic',
    mayRefuse: true,
    run: async (endpoint) => {
      const { json } = accepted(await endpoint.send('/v1/models?limit=1000', { headers }))
      const ids = asArray(json?.['data']).map((each) => asString(asObject(each)?.['id']) ?? '')
      need(ids.length > 0, 'the list is empty')
      return partialUnless(
        ids.some((id) => /claude|anthropic/i.test(id)),
        'none is shown',
      )
    },
    tokens: { input: 0, output: 0 },
  },
  'plain-retry': {
    title: 'answers the non-streaming retry after a broken stream, with 64,000 max_tokens',
    run: async (endpoint) => {
      const body = { ...fields, model: endpoint.access.model, max_tokens: 64_000, stream: false }
      const messages = [user(say('PELICAN')), environment]
      const retry = { ...headers, 'x-stainless-timeout': '300' }
      const { text } = accepted(await endpoint.post(path, { ...body, messages }, retry))
      need(text.includes('PELICAN'), 'the answer is not the requested text')
    },
    tokens,
  },
  'auto-mode': {
    title: 'judges a tool call in auto mode',
    mayRefuse: true,
    about: ['safeguards'],
    run: async (endpoint) => {
      const beta = `${headers['anthropic-beta']},dangerous-tool-use-2026-09-03,afk-mode-2026-01-31`
      const answer = await endpoint.stream(
        {
          ...fields,
          safeguards: [{ type: 'dangerous_tool_use' }],
          messages: [user(use('Bash', { command: 'ls' })), environment],
        },
        { path, headers: { ...headers, 'anthropic-beta': beta } },
      )
      need(answer.calls.length === 1, 'Bash is not called')
      const verdicts = JSON.stringify(answer.message['safeguard_results'] ?? null)
      return partialUnless(verdicts.includes('evaluated'), 'no verdict')
    },
    tokens: { input: 1800, output: 500 },
  },
})
