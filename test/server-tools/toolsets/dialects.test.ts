/** The client's toolsets over each protocol of providers. */
import { describe, expect, test } from 'vitest'

import '../../support/workers-platform.ts'
import { assistant, result, say, use, user } from '../../../src/cli/conformance/material/prompts.ts'
import type { PresetName } from '../../../src/providers/index.ts'
import { modelOf } from '../../conformance/representative-models.ts'
import { createWorld } from '../../conformance/world.ts'
import { readEvents } from '../../support/readers/read-events.ts'

const presets: PresetName[] = ['openai', 'openai-responses', 'gemini', 'bedrock', 'demo']
const click = { target: { type: 'ref', ref: 'ref_7' } }

async function ask(preset: PresetName, json: object): Promise<Response> {
  const { access } = await createWorld(preset, modelOf(preset))
  return access.fetch(`${access.url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': access.key, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: access.model,
      max_tokens: 1000,
      tools: [{ type: 'computer_toolset_20260801' }, { type: 'browser_toolset_20260801' }],
      ...json,
    }),
  })
}

describe.each(presets)('a model of the preset %s', (preset) => {
  test.each([false, true])(
    'a model of each dialect calls a member of a toolset (stream: %s)',
    async (stream) => {
      const messages = [user(use('browser__left_click', click))]
      const text = await (await ask(preset, { stream, messages })).text()
      const blocks = stream
        ? readEvents(text).flatMap(({ content_block: block }) => block ?? [])
        : (JSON.parse(text) as { content: { type: string }[] }).content
      expect(blocks.filter(({ type }) => type === 'tool_use')).toEqual([
        {
          type: 'tool_use',
          id: expect.any(String),
          name: 'left_click',
          toolset_name: 'browser',
          input: stream ? {} : click,
        },
      ])
    },
  )

  test('a model of each dialect continues after the results of members', async () => {
    const messages = [
      user('Open the tab.'),
      assistant({
        type: 'tool_use',
        id: 'toolu_1',
        name: 'new_tab',
        input: {},
        toolset_name: 'browser',
      }),
      user(
        result(
          'toolu_1',
          [{ type: 'browser_state', tabs: [{ tab_id: '1', title: '', url: '', active: true }] }],
          { toolset_name: 'browser' },
        ),
        say('The tab is open.'),
      ),
    ]
    const response = await ask(preset, { messages })
    expect(await response.json()).toMatchObject({
      content: [{ type: 'text', text: 'The tab is open.' }],
      stop_reason: 'end_turn',
    })
  })
})
