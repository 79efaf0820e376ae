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

describe('Fields beside the conversation', () => {
  test('Unknown keys of output_config are reported, the known ones are not', () => {
    const body = {
      output_config: { effort: 'low', task_budget: { total: 1 }, tone: 'dry', format: null },
    }
    expect(reported(body)).toEqual(['drop output_config.task_budget', 'drop output_config.tone'])
  })

  test('An effort on a message is dropped unless it repeats that of the request', () => {
    const messages = [{ role: 'user' }, { role: 'system', output_config: { effort: 'low' } }]
    expect(reported({ messages })).toEqual(['drop messages.1.output_config'])
    expect(reported({ messages, output_config: { effort: 'low' } })).toEqual([
      'ignore messages.1.output_config',
    ])
  })
})

describe('Tools', () => {
  test('A tool that only code may call is reported', () => {
    const tools = [
      tool('f', { allowed_callers: ['code_execution_20260120'] }),
      tool('g', { allowed_callers: ['direct'] }),
    ]
    expect(adaptationsOf({ tools }, target)).toEqual(['drop tools.0.allowed_callers'])
  })

  test('A removed tool is not offered until it is added again; the placeholder never is', () => {
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

describe('System messages', () => {
  const once = { role: 'system', content: 'ONCE', clear_at: 'next_user_message' }
  const user = { role: 'user', content: 'q' }

  test('One that ends at the next user message is in the prompt of its own turn alone', () => {
    expect(textOf({ messages: [user, once] })).toContain('ONCE')
    expect(
      textOf({ messages: [user, once, { role: 'assistant', content: 'a' }, user] }),
    ).not.toContain('ONCE')
  })

  test('One that stands first is the system prompt, a later one stays where it is', () => {
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

  test('Beside a system field it is no system prompt', () => {
    const text = textOf({ system: 'S', messages: [{ role: 'system', content: 'M' }, user] })
    expect(text.indexOf('"S"')).toBeLessThan(text.indexOf('M'))
  })
})

test('Citations of a search result are reported', () => {
  const result = {
    type: 'search_result',
    source: 's',
    title: 't',
    content: [{ type: 'text', text: 'x' }],
    citations: { enabled: true },
  }
  expect(adaptationsOf({ messages: [{ role: 'user', content: [result] }] }, target)).toEqual([
    'drop messages.0.content.0.citations',
  ])
})

test.each(['openai-chat', 'openai-responses', 'gemini', 'bedrock'])(
  'A stop sequence of white space is enforced by the gateway over %s',
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
