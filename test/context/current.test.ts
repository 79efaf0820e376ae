/** Fields that a conversation changes in its course, over every protocol. */
import { describe, expect, test } from 'vitest'

import { createReport } from '../../src/anthropic/report.ts'
import { asksForContext } from '../../src/context/asks-for-context.ts'
import { RequestContext } from '../../src/context/index.ts'
import { translate } from '../support/translate.ts'

const question = { role: 'user', content: 'Go on.' }
const declared = { name: 'search', description: 'Old.', input_schema: { type: 'object' } }
const inline = { name: 'edit', input_schema: { type: 'object' } }
const add = (tool: object) => ({ type: 'tool_addition', tool })
const define = (definition: object) => add({ type: 'tool_definition', definition })
const remove = (name: string) => ({
  type: 'tool_removal',
  tool: { type: 'tool_reference', name },
})
const system = (...content: object[]) => ({ role: 'system', content })

interface Sent {
  tools?: { function: { name: string; description?: string } }[]
  messages: { role: string; content: string }[]
}

function send(body: object): { sent: Sent; client: Record<string, unknown>; reported: unknown[] } {
  const json = { model: 'm', max_tokens: 100, tools: [declared], ...body }
  const context = new RequestContext(json)
  const client = context.apply(json, 'gpt-5')
  const report = createReport()
  context.report(report)
  const { upstream } = translate(client)
  return { sent: upstream.body as unknown as Sent, client, reported: [...report.adaptations] }
}

const namesOf = ({ tools = [] }: Sent): string[] => tools.map((tool) => tool.function.name)

describe('a tool that a conversation defines', () => {
  test('a tool that a conversation defines is offered from there on', () => {
    const { sent, reported } = send({ messages: [question, system(define(inline)), question] })
    expect(namesOf(sent)).toEqual(['search', 'edit'])
    expect(reported).toEqual([{ field: 'messages.1.content', action: 'map', value: 'tools' }])
  })

  test('a tool that a conversation defines takes the place of a tool of the same name', () => {
    const newer = { ...declared, description: 'New.' }
    const { sent } = send({ messages: [question, system(define(newer)), question] })
    expect(sent.tools).toMatchObject([{ function: { name: 'search', description: 'New.' } }])
  })

  test('a tool that a conversation defines is not offered once it is removed, and again once a reference brings it back', () => {
    const messages = [question, system(define(inline)), question, system(remove('edit')), question]
    expect(namesOf(send({ messages }).sent)).toEqual(['search'])
    const back = system(add({ type: 'tool_reference', name: 'edit' }))
    const again = send({ messages: [...messages, back, question] })
    expect(namesOf(again.sent)).toEqual(['search', 'edit'])
  })

  test('a tool that a conversation defines is offered where a compaction recorded it', () => {
    const block = { type: 'compaction', content: 'We talked.', tool_changes: [define(inline)] }
    const { sent } = send({ messages: [{ role: 'assistant', content: [block] }, question] })
    expect(namesOf(sent)).toEqual(['search', 'edit'])
  })
})

test('a declared tool that was removed before a compaction stays away after it', () => {
  const block = { type: 'compaction', content: 'We talked.', tool_changes: [remove('search')] }
  const { sent } = send({ messages: [{ role: 'assistant', content: [block] }, question] })
  expect(namesOf(sent)).toEqual([])
})

test.each([
  ['low', [{ role: 'system', content: 'x', output_config: { effort: 'low' } }]],
  [null, [{ role: 'system', content: 'x', output_config: { effort: null } }]],
  ['max', [{ role: 'system', content: 'x', output_config: {} }]],
])('the effort is %s, as the last system message that sets one says', (effort, changes) => {
  const first = { role: 'system', content: 'x', output_config: { effort: 'max' } }
  const messages = [question, first, question, ...changes, question]
  const { client } = send({ messages, output_config: { effort: 'high' } })
  expect(client['output_config']).toEqual({ effort })
})

describe('a task budget', () => {
  const budget = { task_budget: { type: 'tokens', total: 50_000, remaining: 30_000 } }

  test('a task budget is a line at the end of the last user message', () => {
    const messages = [question, { role: 'assistant', content: 'Yes?' }, question]
    const { sent, reported } = send({ messages, output_config: budget })
    expect(sent.messages[0]?.content).toBe('Go on.')
    expect(sent.messages.at(-1)?.content).toContain('30000 of 50000 tokens')
    expect(reported).toEqual([{ field: 'output_config.task_budget', action: 'map', value: 'text' }])
  })

  test('a task budget below Anthropic’s minimum is rejected', () => {
    const small = { task_budget: { type: 'tokens', total: 100 } }
    expect(() => send({ messages: [question], output_config: small })).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({ path: 'output_config.task_budget.total' }),
      }),
    )
  })
})

test('a request that changes nothing in its course loads none of this', () => {
  expect(asksForContext({ messages: [question, system({ type: 'text', text: 'x' })] })).toBe(false)
  const { client } = send({ messages: [question], context_management: { edits: [] } })
  expect(client).toMatchObject({ messages: [question], tools: [declared] })
})
