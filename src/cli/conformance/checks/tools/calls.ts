/** Tool calls: how tools are described, chosen and called. */
import type { JsonObject } from '../../../../anthropic/json.ts'
import { defineSubject } from '../../check.ts'
import type { Endpoint } from '../../endpoint/endpoint.ts'
import { need, partialUnless } from '../../finding.ts'
import { say, use, useBoth, user } from '../../material/prompts.ts'
import { bell, clock, textTool, weather } from '../../material/tools.ts'

/** Asks for one call of a tool with that input, and expects it. */
async function callOnce(
  endpoint: Endpoint,
  tool: JsonObject,
  { name = String(tool['name']), input }: { name?: string; input: object },
): Promise<void> {
  const { calls, stopReason } = await endpoint.ask({
    tools: [tool],
    messages: [user(use(name, input))],
  })
  need(calls.length === 1, 'the tool is not called')
  need(calls[0]?.['name'] === name, `the call names ${String(calls[0]?.['name'])}`)
  need(stopReason === 'tool_use', `stop_reason is ${stopReason}`)
  const called = JSON.stringify(calls[0]['input'])
  need(called === JSON.stringify(input), `the input is another: ${called}`)
}

const order = {
  name: 'place_order',
  description: 'Places an order.',
  input_schema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      items: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          properties: {
            sku: { type: 'string', pattern: '^[A-Z]+$' },
            count: { type: 'integer', exclusiveMinimum: 0 },
          },
          required: ['sku', 'count'],
          additionalProperties: false,
        },
      },
      express: { anyOf: [{ type: 'boolean' }, { type: 'null' }], default: null },
    },
    required: ['items', 'express'],
    additionalProperties: false,
  },
}

/** The longest name that Anthropic documents. */
const longName = `mcp__calendar_server__${'find_free_slots_'.repeat(3)}`.slice(0, 64)

const subject = { name: 'calls', title: 'Tool calls', about: ['tools', 'tool_choice'] }

/** Checks of tool definitions, tool choice and tool calls. */
export const calls = defineSubject(subject, {
  call: {
    title: 'calls a tool with the input that was asked for',
    run: (endpoint) => callOnce(endpoint, weather, { input: { city: 'Oslo' } }),
  },
  'no-input': {
    title: 'calls a tool without input with an empty object',
    run: (endpoint) => callOnce(endpoint, bell, { input: {} }),
  },
  nested: {
    title: 'carries a nested schema with keywords of draft 2020-12, and such an input',
    about: ['tool_choice'],
    run: (endpoint) =>
      callOnce(endpoint, order, { input: { items: [{ sku: 'OWL', count: 2 }], express: null } }),
    tokens: { input: 400, output: 100 },
  },
  'long-name': {
    title: 'calls a tool whose name has 64 characters by that name',
    about: ['tool_choice'],
    run: (endpoint) => callOnce(endpoint, textTool(longName), { input: { text: 'x' } }),
  },
  'unicode-input': {
    title: 'carries every character of an input',
    run: (endpoint) =>
      callOnce(endpoint, textTool('write_note'), {
        input: { text: 'naïve 日本語 🦉 "q" \\ \n end' },
      }),
  },
  'large-number': {
    title: 'carries numbers of an input exactly',
    run: (endpoint) => {
      const properties = { id: { type: 'integer' }, ratio: { type: 'number' } }
      const input_schema = { type: 'object', properties, required: ['id', 'ratio'] }
      const tool = { name: 'find_row', description: 'Finds a row.', input_schema }
      return callOnce(endpoint, tool, { input: { id: 9_007_199_254_740_991, ratio: 0.1 } })
    },
  },
  parallel: {
    title: 'makes two calls in one answer',
    run: async (endpoint) => {
      const prompt = useBoth(use('get_weather', { city: 'Oslo' }), use('get_time', { zone: 'UTC' }))
      const fields = { tools: [weather, clock], messages: [user(prompt)] }
      const { calls: made } = await endpoint.ask(fields)
      need(made.length > 0, 'no tool is called')
      need(new Set(made.map(({ id }) => id)).size === made.length, 'two calls have the same id')
      return partialUnless(made.length === 2, `${made.length} call instead of two`)
    },
    tokens: { input: 250, output: 120 },
  },
  single: {
    title: 'makes one call where disable_parallel_tool_use is set',
    mayRefuse: true,
    run: async (endpoint) => {
      const prompt = useBoth(use('get_weather', { city: 'Oslo' }), use('get_time', { zone: 'UTC' }))
      const tool_choice = { type: 'auto', disable_parallel_tool_use: true }
      const fields = { tools: [weather, clock], tool_choice, messages: [user(prompt)] }
      const { calls: made } = await endpoint.ask(fields)
      need(made.length === 1, `${made.length} calls instead of one`)
    },
    tokens: { input: 250, output: 120 },
  },
  any: {
    title: 'calls some tool where tool_choice is any',
    mayRefuse: true,
    run: async (endpoint) => {
      const fields = { tools: [weather, clock], tool_choice: { type: 'any' } }
      const { calls: made } = await endpoint.ask({ ...fields, messages: [user('Good morning.')] })
      need(made.length > 0, 'no tool is called')
    },
  },
  named: {
    title: 'calls the tool that tool_choice names',
    mayRefuse: true,
    run: async (endpoint) => {
      const fields = { tools: [weather, clock], tool_choice: { type: 'tool', name: 'get_time' } }
      const { calls: made } = await endpoint.ask({ ...fields, messages: [user('Good morning.')] })
      need(made.length > 0, 'no tool is called')
      need(
        made.every(({ name }) => name === 'get_time'),
        'another tool is called',
      )
    },
  },
  none: {
    title: 'calls no tool where tool_choice is none',
    mayRefuse: true,
    run: async (endpoint) => {
      const messages = [user(use('get_weather', { city: 'Oslo' }))]
      const fields = { tools: [weather], tool_choice: { type: 'none' }, messages }
      const { calls: made } = await endpoint.ask(fields)
      need(made.length === 0, 'a tool is called')
    },
  },
  'beside-text': {
    title: 'answers with text where tools are offered and not needed',
    run: async (endpoint) => {
      const fields = { tools: [weather, clock], messages: [user(say('PELICAN'))] }
      const { text, calls: made } = await endpoint.ask(fields)
      need(text.includes('PELICAN') && made.length === 0, 'the answer is not the text')
    },
  },
  strict: {
    title: 'accepts strict tools',
    mayRefuse: true,
    run: async (endpoint) => {
      const input_schema = { ...Object(weather['input_schema']), additionalProperties: false }
      const tool = { ...weather, input_schema, strict: true, eager_input_streaming: true }
      return callOnce(endpoint, tool, { input: { city: 'Oslo' } })
    },
  },
  bash: {
    title: 'calls the client tool bash, whose schema is Anthropic’s',
    mayRefuse: true,
    run: (endpoint) =>
      callOnce(endpoint, { type: 'bash_20250124', name: 'bash' }, { input: { command: 'ls -la' } }),
    tokens: { input: 700, output: 100 },
  },
  'text-editor': {
    title: 'calls the client tool text editor, whose schema is Anthropic’s',
    mayRefuse: true,
    run: (endpoint) =>
      callOnce(
        endpoint,
        { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' },
        { input: { command: 'view', path: '/tmp/a.txt' } },
      ),
    tokens: { input: 1200, output: 100 },
  },
})
