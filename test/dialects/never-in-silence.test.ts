/** Whatever has no counterpart upstream is reported, and what looks like another field is read as that. */
import { describe, expect, test } from 'vitest'

import { createReport } from '../../src/anthropic/report.ts'
import { reportExtraFields } from '../../src/anthropic/request/extra-fields.ts'
import { adaptationsOf, bodyOf, translate } from '../support/translate.ts'

const target = { dialect: 'openai-chat', preset: 'openai', model: 'gpt-4o' }
const tool = (name: string, more: object = {}) => ({
  name,
  input_schema: { type: 'object' },
  ...more,
})
const removal = (type: string, name: string) => ({ type, tool: { type: 'tool_reference', name } })

function textOf(fields: object): string {
  return JSON.stringify(bodyOf(fields, target))
}

function reported(body: Record<string, unknown>): string[] {
  const report = createReport()
  reportExtraFields(body, 'p/m', report)
  return report.adaptations.map(({ field, action }) => `${action} ${field}`)
}

describe('fields outside the conversation', () => {
  test('fields outside the conversation with unknown keys in output_config are reported, and with known keys are not', () => {
    const body = {
      output_config: { effort: 'low', task_budget: { total: 1 }, tone: 'dry', format: null },
    }
    expect(reported(body)).toEqual(['drop output_config.tone'])
  })

  test('fields outside the conversation with an effort on a message are reported unless it equals the request’s', () => {
    const messages = [{ role: 'user' }, { role: 'system', output_config: { effort: 'low' } }]
    expect(reported({ messages })).toEqual(['map messages.1.output_config'])
    expect(reported({ messages, output_config: { effort: 'low' } })).toEqual([
      'ignore messages.1.output_config',
    ])
  })
})

describe('tools', () => {
  test('tools that only code may call are reported', () => {
    const tools = [
      tool('f', { allowed_callers: ['code_execution_20260120'] }),
      tool('g', { allowed_callers: ['direct'] }),
    ]
    expect(adaptationsOf({ tools }, target)).toEqual(['drop tools.0'])
  })

  test('tools that were removed are not offered until they are added again, and the placeholder never is', () => {
    const messages = [
      { role: 'user', content: 'q' },
      { role: 'system', content: [removal('tool_removal', 'f')] },
    ]
    const tools = [tool('f'), tool('g'), tool('DeferredToolPlaceholder', { defer_loading: true })]
    const names = (fields: object) =>
      (bodyOf(fields, target)['tools'] as { function: { name: string } }[]).map(
        (each) => each.function.name,
      )
    expect(names({ messages, tools })).toEqual(['g'])
    const again = [...messages, { role: 'system', content: [removal('tool_addition', 'f')] }]
    expect(names({ messages: again, tools })).toEqual(['f', 'g'])
  })
})

describe('system messages', () => {
  const once = { role: 'system', content: 'ONCE', clear_at: 'next_user_message' }
  const user = { role: 'user', content: 'q' }

  test('system messages that expire at the next user message are in the prompt of their own turn only', () => {
    expect(textOf({ messages: [user, once] })).toContain('ONCE')
    expect(
      textOf({ messages: [user, once, { role: 'assistant', content: 'a' }, user] }),
    ).not.toContain('ONCE')
  })

  test('system messages at the start are the system prompt, and later ones keep their place', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      user,
      { role: 'assistant', content: 'a' },
      { role: 'system', content: 'later' },
      user,
    ]
    const body = bodyOf({ messages }, { dialect: 'openai-chat' })
    expect(body['messages']).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'q' },
      { role: 'assistant', content: 'a' },
      { role: 'user', content: '<system-reminder>\nlater\n</system-reminder>\n\nq' },
    ])
  })

  test('system messages in addition to a system field are not merged into the system prompt', () => {
    const text = textOf({ system: 'S', messages: [{ role: 'system', content: 'M' }, user] })
    expect(text.indexOf('"S"')).toBeLessThan(text.indexOf('M'))
  })
})

test('citations of a search result are reported', () => {
  const result = {
    type: 'search_result',
    source: 's',
    title: 't',
    content: [{ type: 'text', text: 'x' }],
    citations: { enabled: true },
  }
  expect(adaptationsOf({ messages: [{ role: 'user', content: [result] }] }, target)).toEqual([
    'map messages.0.content.0.citations: marks',
  ])
})

test.each(['openai-chat', 'openai-responses', 'gemini', 'bedrock'])(
  'a stop sequence of whitespace is enforced by the gateway for %s',
  (dialect) => {
    const client = {
      model: 'm',
      max_tokens: 9,
      messages: [{ role: 'user', content: 'q' }],
      stop_sequences: ['END', '\n'],
    }
    const { upstream } = translate(client, { dialect })
    expect(upstream.enforceStops).toContain('\n')
    expect(JSON.stringify(upstream.body)).not.toContain('"\\n"')
  },
)
