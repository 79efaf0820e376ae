/** What a model is sent for toolsets that the client runs, and what the client is answered. */
import { describe, expect, test } from 'vitest'

import '../../support/workers-platform.ts'
import type { ModelTurn } from '../../support/search.ts'
import { createSearchHarness } from '../../support/search.ts'

const computer = { type: 'computer_toolset_20260801' }
const browser = { type: 'browser_toolset_20260801' }
const base = { model: 'm', max_tokens: 1000, messages: [{ role: 'user', content: 'Click.' }] }

interface Offered {
  function: { name: string; description: string; parameters: object }
}

async function ask(json: object, turns: readonly ModelTurn[] = [{ text: 'Done.' }]) {
  const harness = await createSearchHarness(turns)
  const response = await harness.request('/v1/messages', { json: { ...base, ...json } })
  const [sent] = harness.asked()
  const offered = (sent?.['tools'] ?? []) as Offered[]
  const names = offered.map(({ function: { name } }) => name)
  return { response, sent, offered, names }
}

async function refusalOf(json: object): Promise<unknown> {
  const { response, sent } = await ask(json)
  const { error } = await response.json<{ error: { message: string } }>()
  return [response.status, sent, error.message]
}

describe('the members of', () => {
  test('the members of the computer toolset are all offered, in place of its entry', async () => {
    const other = (name: string) => ({ name, input_schema: { type: 'object' } })
    const { names } = await ask({ tools: [other('first'), computer, other('last')] })
    expect(names).toHaveLength(19)
    expect(names.slice(0, 2)).toEqual(['first', 'computer__key'])
    expect(names.slice(-2)).toEqual(['computer__zoom', 'last'])
  })

  test('the members of the browser toolset are offered except for four, which the client has to enable', async () => {
    const { names } = await ask({ tools: [browser] })
    expect(names).toHaveLength(27)
    const optional = ['file_upload', 'read_console', 'read_network', 'javascript_exec']
    const configs = Object.fromEntries(optional.map((name) => [name, { enabled: true }]))
    const all = await ask({ tools: [{ ...browser, configs }] })
    expect(all.names.filter((name) => !names.includes(name)).toSorted()).toEqual(
      optional.map((name) => `browser__${name}`).toSorted(),
    )
  })

  test('the members of both toolsets have a description and the schema of their inputs', async () => {
    const { offered } = await ask({ tools: [computer, browser] })
    expect(offered).toHaveLength(44)
    for (const { function: definition } of offered) {
      expect(definition).toMatchObject({
        description: expect.stringMatching(/^[A-Z].*\.$/),
        parameters: { type: 'object' },
      })
    }
    const drag = offered.find(({ function: { name } }) => name === 'computer__left_click_drag')
    expect(drag?.function.parameters).toMatchObject({
      required: ['start_coordinate', 'coordinate'],
    })
  })

  test('the members of a toolset are left out where the client disables them', async () => {
    const configs = { zoom: { enabled: false }, key: { enabled: null }, wait: null }
    const { names } = await ask({ tools: [{ ...computer, configs }] })
    expect(names).toHaveLength(16)
    expect(names).not.toContain('computer__zoom')
  })
})

describe('a request is refused', () => {
  test('a request that configures an unknown member is rejected', async () => {
    expect(await refusalOf({ tools: [{ ...computer, configs: { fly: {} } }] })).toEqual([
      400,
      undefined,
      'tools.0.configs.fly: Extra inputs are not permitted: the toolset has no such tool',
    ])
  })

  test.each([
    ['a tool with the name of a function', { name: 'computer__key', input_schema: {} }],
    ['the same toolset twice', computer],
  ])('a request is rejected if it has %s', async (_what, tool) => {
    expect(await refusalOf({ tools: [computer, tool] })).toEqual([
      400,
      undefined,
      'tools: Tool names must be unique: computer__key is also the name of a tool of a toolset',
    ])
  })

  test('a request that forces a member that is not offered is rejected', async () => {
    const configs = { zoom: { enabled: false } }
    const choice = { type: 'tool', name: 'zoom' }
    expect(await refusalOf({ tools: [{ ...computer, configs }], tool_choice: choice })).toEqual([
      400,
      undefined,
      "Tool 'zoom' not found in provided tools",
    ])
  })
})

test('a member can be forced by its own name', async () => {
  const { sent } = await ask({ tools: [browser], tool_choice: { type: 'tool', name: 'navigate' } })
  expect(sent?.['tool_choice']).toEqual({
    type: 'function',
    function: { name: 'browser__navigate' },
  })
})

test('calls of members and of other tools stream as in their golden', async () => {
  const harness = await createSearchHarness([
    {
      text: 'I look.',
      calls: [
        ['computer__screenshot', {}],
        ['get_weather', { city: 'Rome' }],
        ['browser__navigate', { url: 'example.com' }],
      ],
    },
  ])
  const weather = { name: 'get_weather', input_schema: { type: 'object' } }
  const response = await harness.request('/v1/messages', {
    json: { ...base, stream: true, tools: [computer, browser, weather] },
  })
  await expect(await response.text()).toMatchFileSnapshot('../golden/members-of-toolsets.sse')
})

test('the history has calls by the names of functions, and the state of the browser as text', async () => {
  const call = { type: 'tool_use', id: 'toolu_1', name: 'navigate', input: { url: 'a.example' } }
  const state = {
    type: 'browser_state',
    tabs: [
      { tab_id: '1', title: 'A', url: 'https://a.example/', active: true },
      { tab_id: '2', title: '', url: '' },
    ],
    state_changes: [
      { type: 'tab_opened', tab_id: '2' },
      { type: 'download_started', download_id: 'd1', url: 'https://a.example/f' },
      {
        type: 'download_completed',
        download_id: 'd1',
        url: 'https://a.example/f',
        path: '/tmp/f',
        size_bytes: 7,
      },
      { type: 'download_failed', download_id: 'd2', url: 'https://a.example/g', error: 'No.' },
    ],
  }
  // The toolset is not offered any more.
  const { sent } = await ask({
    messages: [
      ...base.messages,
      { role: 'assistant', content: [{ ...call, toolset_name: 'browser' }] },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'toolu_1',
            toolset_name: 'browser',
            content: [{ type: 'text', text: 'Opened.' }, state],
          },
        ],
      },
    ],
  })
  const messages = JSON.stringify(sent?.['messages'])
  expect(sent).toMatchObject({
    messages: [{ role: 'user' }, { tool_calls: [{ function: { name: 'browser__navigate' } }] }, {}],
  })
  for (const line of [
    'Opened.',
    '- tab_id "1" (active): A, https://a.example/',
    '- tab_id "2": empty',
    'The tab "2" was opened.',
    'The download "d1" from https://a.example/f has started.',
    'The download "d1" from https://a.example/f is complete, 7 bytes, saved as /tmp/f.',
    'The download "d2" from https://a.example/g has failed: No.',
  ]) {
    expect(messages).toContain(JSON.stringify(line).slice(1, -1))
  }
})

describe('deferred members', () => {
  const search = { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' }
  const configs = Object.fromEntries(
    ['navigate', 'find', 'screenshot'].map((name) => [name, { defer_loading: true }]),
  )

  test('deferred members are found by a tool search, and called by their own names', async () => {
    const harness = await createSearchHarness(
      [
        { calls: [['tool_search_tool_bm25', { query: 'open a URL in the history' }]] },
        { calls: [['browser__navigate', { url: 'a.example' }]] },
      ],
      { bounds: { tool_search: { min_tools: 1 } } },
    )
    const response = await harness.request('/v1/messages', {
      json: { ...base, tools: [search, { ...browser, configs }] },
    })
    const { content } = await response.json<{ content: object[] }>()
    expect(content.at(-1)).toMatchObject({
      type: 'tool_use',
      name: 'navigate',
      toolset_name: 'browser',
    })
    const offered = harness.asked().map(({ tools }) => JSON.stringify(tools))
    expect(offered.map((tools) => tools.includes('browser__navigate'))).toEqual([false, true])
    expect(offered.every((tools) => tools.includes('browser__left_click'))).toBe(true)
  })
})

test('tokens are counted of all members that are offered', async () => {
  const harness = await createSearchHarness([])
  const count = async (tools: object[]): Promise<number> => {
    const { model, messages } = base
    const json = { model, messages, tools }
    const response = await harness.request('/v1/messages/count_tokens', { json })
    return (await response.json<{ input_tokens: number }>()).input_tokens
  }
  expect(await count([computer])).toBeGreaterThan(500)
  expect(await count([computer, browser])).toBeGreaterThan(2 * (await count([computer])))
})

test('an Anthropic upstream gets toolsets and calls of members as they are', async () => {
  const harness = await createSearchHarness([
    () => Response.json({ type: 'message', role: 'assistant', content: [], usage: {} }),
  ])
  const call = { type: 'tool_use', id: 'toolu_1', name: 'key', input: { text: 'a' } }
  const messages = [
    ...base.messages,
    { role: 'assistant', content: [{ ...call, toolset_name: 'computer' }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'ok' }] },
  ]
  const json = { ...base, model: 'claude-x', messages, tools: [computer] }
  await harness.request('/v1/messages', { json })
  expect(harness.asked()[0]).toMatchObject({ messages, tools: [computer] })
})
