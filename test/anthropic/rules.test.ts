import { describe, expect, test } from 'vitest'

import { GatewayError } from '../../src/anthropic/error.ts'
import { createReport } from '../../src/anthropic/report.ts'
import { reportExtraFields } from '../../src/anthropic/request/extra-fields.ts'
import { messagesRequest, parseRequest } from '../../src/anthropic/request/request.ts'
import { checkRules } from '../../src/anthropic/request/rules.ts'

const body = { model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] }
const tool = { name: 'a', input_schema: { type: 'object' } }

const added = (type: string, change: object) => ({
  role: 'system',
  content: [{ type, tool: change }],
})

function refusal(check: () => void): string {
  try {
    check()
  } catch (error) {
    if (error instanceof GatewayError && error.failure.kind === 'invalid_request') {
      return error.failure.message
    }
    throw error
  }
  return 'accepted'
}
const rule = (value: object) =>
  refusal(() => checkRules(parseRequest(messagesRequest, { ...body, ...value })))

describe('a rule over several fields', () => {
  test.each([
    [{ messages: [] }, 'messages: at least one message is required'],
    [
      {
        messages: [
          {
            role: 'assistant',
            content: [
              { type: 'tool_use', id: 'a', name: 'x', input: {} },
              { type: 'tool_use', id: 'a', name: 'x', input: {} },
            ],
          },
        ],
      },
      'messages.0.content.1: `tool_use` ids must be unique',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'tool_use', id: 'a', name: 'x' }] }] },
      'messages.0.content.0: `tool_use` blocks can only be in `assistant` messages',
    ],
    [
      { messages: [{ role: 'assistant', content: [{ type: 'tool_result', tool_use_id: 'a' }] }] },
      'messages.0.content.0: `tool_result` blocks can only be in `user` messages',
    ],
    [{ tools: [tool, { ...tool, description: 'x' }] }, 'tools: Tool names must be unique.'],
    [
      { tool_choice: { type: 'any' } },
      'tool_choice.any may only be specified while providing tools',
    ],
    [{ tools: [tool], tool_choice: { type: 'tool' } }, 'tool_choice.tool.name: Field required'],
    [
      { tools: [tool], tool_choice: { type: 'tool', name: 'b' } },
      "Tool 'b' not found in provided tools",
    ],
    [{ thinking: { type: 'enabled' } }, 'thinking.enabled.budget_tokens: Field required'],
    [{ stop_sequences: ['x', ' '] }, 'accepted'],
    [
      { thinking: { type: 'enabled', budget_tokens: 1023 } },
      'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024',
    ],
    [
      { max_tokens: 2000, thinking: { type: 'enabled', budget_tokens: 2000 } },
      '`max_tokens` must be greater than `thinking.budget_tokens`',
    ],
    [
      { thinking: { type: 'adaptive', display: 'all' } },
      "thinking.adaptive.display: Input should be 'summarized' or 'omitted'",
    ],
    [
      {
        messages: [
          { role: 'user', content: 'x' },
          { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f' }] },
        ],
      },
      'messages.1.content.0.tool_use.input: Field required',
    ],
    [
      {
        messages: [
          { role: 'user', content: 'x' },
          { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: '', input: {} }] },
        ],
      },
      'messages.1.content.0.tool_use.name: String should have at least 1 character',
    ],
    [
      { messages: [added('tool_addition', { type: 'tool_reference', name: 'b' })] },
      "Tool reference 'b' not found in available tools",
    ],
    [
      { messages: [added('tool_removal', { type: 'tool_reference', name: 'b' })], tools: [tool] },
      "Tool reference 'b' not found in available tools",
    ],
    [{ max_tokens: 0, stream: true }, 'max_tokens: 0 may not be combined with stream'],
  ])('a body that breaks a rule over several fields is rejected: %j → %s', (value, message) => {
    expect(rule(value)).toBe(message)
  })

  test.each([
    [{ tools: [] }],
    [{ tools: [tool, tool] }],
    [{ messages: [added('tool_addition', { type: 'tool_reference', name: 'a' })], tools: [tool] }],
    [{ messages: [added('tool_addition', { type: 'tool_definition', definition: tool })] }],
    [{ messages: [added('tool_addition', { type: 'mcp_tool_reference', name: 'b' })] }],
    [{ max_tokens: 0 }],
    [{ tools: [tool], tool_choice: { type: 'tool', name: 'a' } }],
    [{ messages: [{ role: 'system', content: 'x' }] }],
  ])('a body that keeps the rules over several fields is accepted: %j', (value) => {
    expect(rule(value)).toBe('accepted')
  })
})

describe('a field that no translated upstream supports', () => {
  test('a field that no translated upstream supports is reported with the feature that is lost', () => {
    const report = createReport()
    reportExtraFields({ ...body, context_management: {}, zebra: 1, container: null }, 'p/m', report)
    expect(report.adaptations).toEqual([
      { field: 'context_management', action: 'ignore' },
      { field: 'zebra', action: 'drop' },
    ])
  })

  test.each([
    ['thinking', { type: 'adaptive', block_binding: { prefix_mismatch_behavior: 'drop' } }],
    ['output_config', { effort: 'low', novelty: 1 }],
  ])('a field that no translated upstream supports is reported within %s too', (field, value) => {
    const report = createReport()
    reportExtraFields({ ...body, [field]: value }, 'p/m', report)
    const [, lost] = Object.keys(value)
    expect(report.adaptations).toEqual([{ field: `${field}.${lost}`, action: 'drop' }])
  })

  test('a field that no translated upstream supports is rejected if dropping it would break a promise to the client', () => {
    const check = () => reportExtraFields({ ...body, mcp_servers: [] }, 'p/m', createReport())
    expect(refusal(check)).toBe('mcp_servers: not supported for p/m.')
  })

  test('a field that no translated upstream supports is rejected with the code that makes the SDK send the whole conversation, if it continues a thread', () => {
    const check = () =>
      reportExtraFields({ ...body, thread: { type: 'create' } }, 'p/m', createReport())
    expect(check).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({ code: 'thread_unsupported_request' }),
      }),
    )
  })
})
