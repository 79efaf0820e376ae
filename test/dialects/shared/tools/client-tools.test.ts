import { describe, expect, test } from 'vitest'

import { toClientTool, toolRunner } from '../../../../src/dialects/shared/tools/client-tools.ts'

const tool = (type: string, raw: Record<string, unknown> = {}) => ({ type, raw: { type, ...raw } })

describe('the runner of an Anthropic-defined tool', () => {
  test.each([
    ['bash_20250124', 'client'],
    ['bash_20241022', 'client'],
    ['text_editor_20250728', 'client'],
    ['memory_20250818', 'client'],
    ['computer_20251124', 'client'],
    ['tool_search_tool_regex_20251119', 'search'],
    ['tool_search_tool_bm25', 'search'],
    ['web_search_20250305', 'server'],
    ['web_fetch_20260318', 'server'],
    ['code_execution_20260521', 'server'],
    ['computer_toolset_20260801', 'server'],
    ['browser_toolset_20260801', 'server'],
    ['mcp_toolset', 'server'],
    ['advisor_20260301', 'server'],
    ['something_new_20270101', 'server'],
  ])('the runner of an Anthropic-defined tool of type %s is the %s', (type, runner) => {
    expect(toolRunner(tool(type))).toBe(runner)
  })
})

describe('Anthropic-defined tools that the client runs', () => {
  test.each([
    ['bash_20250124', 'bash', ['command', 'restart']],
    [
      'text_editor_20250728',
      'str_replace_based_edit_tool',
      [
        'command',
        'path',
        'view_range',
        'file_text',
        'old_str',
        'new_str',
        'insert_line',
        'insert_text',
      ],
    ],
    [
      'text_editor_20250124',
      'str_replace_editor',
      ['command', 'path', 'view_range', 'file_text', 'old_str', 'new_str', 'insert_line'],
    ],
    [
      'memory_20250818',
      'memory',
      [
        'command',
        'path',
        'view_range',
        'file_text',
        'old_str',
        'new_str',
        'insert_line',
        'insert_text',
        'old_path',
        'new_path',
      ],
    ],
    [
      'computer_20250124',
      'computer',
      [
        'action',
        'coordinate',
        'start_coordinate',
        'text',
        'scroll_direction',
        'scroll_amount',
        'duration',
      ],
    ],
  ])('Anthropic-defined tools that the client runs have a schema: %s', (type, name, properties) => {
    const found = toClientTool(tool(type))
    expect(found?.name).toBe(name)
    expect(Object.keys(Object(found?.schema['properties']))).toEqual(properties)
  })

  test('Anthropic-defined tools that the client runs keep the client’s name', () => {
    expect(toClientTool({ ...tool('bash_20250124'), name: 'shell' })?.name).toBe('shell')
  })

  test('Anthropic-defined tools that the client runs can zoom only if they are the newest computer tool with zoom enabled', () => {
    const zoom = (raw: Record<string, unknown>): boolean =>
      JSON.stringify(toClientTool(tool('computer_20251124', raw))).includes('zoom')
    expect([zoom({}), zoom({ enable_zoom: true })]).toEqual([false, true])
  })
})
