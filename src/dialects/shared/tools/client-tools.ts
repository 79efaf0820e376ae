/**
 * Anthropic-defined tools for other models. Those that the client runs (bash, text editor, memory,
 * computer) become ordinary tools with a schema; those that Anthropic's servers run cannot be
 * offered.
 *
 * Schemas after https://docs.claude.com/en/docs/agents-and-tools/tool-use.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import type { AnthropicTool } from '../../../anthropic/request/request.ts'

/** A tool with a name, a description and a schema. */
export interface PlainTool {
  name: string
  description: string
  schema: JsonObject
}

/** Who runs an Anthropic-defined tool. `search` finds tools whose loading was deferred. */
export function toolRunner({ type }: AnthropicTool): 'client' | 'search' | 'server' {
  if (type.startsWith('tool_search_tool_')) {
    return 'search'
  }
  return clientTools.some(({ prefix }) => type.startsWith(prefix)) ? 'client' : 'server'
}

/** The tool with its published schema; undefined if the client does not run it. */
export function toClientTool(tool: AnthropicTool): PlainTool | undefined {
  const found = clientTools.find(({ prefix }) => tool.type.startsWith(prefix))
  return found?.define(tool)
}

interface ClientTool {
  /** The prefix of the versioned type, before the date. */
  prefix: string
  define: (tool: AnthropicTool) => PlainTool
}

const clientTools: readonly ClientTool[] = [
  { prefix: 'bash_2', define: bash },
  { prefix: 'text_editor_2', define: textEditor },
  { prefix: 'memory_2', define: memory },
  { prefix: 'computer_2', define: computer },
]

const string = (description: string): JsonObject => ({ type: 'string', description })
const integer = (description: string): JsonObject => ({ type: 'integer', description })
const point = (description: string): JsonObject => ({
  type: 'array',
  items: { type: 'integer' },
  description,
})
const choice = (values: readonly string[], description: string): JsonObject => ({
  type: 'string',
  enum: values,
  description,
})
const object = (properties: JsonObject, required: readonly string[]): JsonObject => ({
  type: 'object',
  properties,
  required,
})

const viewRange = point(
  'For view of a file: the first and last line to show, counted from 1; -1 as the last line means the end.',
)

function bash({ name }: AnthropicTool): PlainTool {
  return {
    name: name ?? 'bash',
    description:
      'Runs a command in a bash shell whose state (directory, variables, files) is kept between calls.',
    schema: object(
      {
        command: string('The command to run. Required unless the shell is restarted.'),
        restart: {
          type: 'boolean',
          description: 'True restarts the shell instead of running a command.',
        },
      },
      [],
    ),
  }
}

function textEditor({ type, name }: AnthropicTool): PlainTool {
  // Versions of 2024 and early 2025 have an undo command; the newest has another field for inserted
  // text.
  const isOld = type === 'text_editor_20241022' || type === 'text_editor_20250124'
  const inserted = type >= 'text_editor_20250728' ? 'insert_text' : 'new_str'
  const commands = ['view', 'create', 'str_replace', 'insert', ...(isOld ? ['undo_edit'] : [])]
  const newText = string(
    inserted === 'new_str'
      ? 'For str_replace: the text that replaces old_str. For insert: the text to insert.'
      : 'For str_replace: the text that replaces old_str; empty to delete it.',
  )
  return {
    name: name ?? (isOld ? 'str_replace_editor' : 'str_replace_based_edit_tool'),
    description:
      'Views, creates and edits text files. str_replace replaces one exact and unique occurrence of old_str.',
    schema: object(
      {
        command: choice(commands, 'What to do.'),
        path: string('Absolute path of the file, or of the directory to view.'),
        view_range: viewRange,
        file_text: string('For create: the content of the new file.'),
        old_str: string('For str_replace: the text to replace, exactly as in the file.'),
        new_str: newText,
        insert_line: integer('For insert: the line after which to insert; 0 for the beginning.'),
        ...(inserted === 'new_str'
          ? {}
          : { insert_text: string('For insert: the text to insert.') }),
      },
      ['command', 'path'],
    ),
  }
}

function memory({ name }: AnthropicTool): PlainTool {
  return {
    name: name ?? 'memory',
    description:
      'Keeps notes in files under /memories that last beyond this conversation. View the directory before starting on a task.',
    schema: object(
      {
        command: choice(
          ['view', 'create', 'str_replace', 'insert', 'delete', 'rename'],
          'What to do.',
        ),
        path: string('Path under /memories; for all commands but rename.'),
        view_range: viewRange,
        file_text: string('For create: the content of the file.'),
        old_str: string('For str_replace: the text to replace, exactly as in the file.'),
        new_str: string('For str_replace: the text that replaces old_str.'),
        insert_line: integer('For insert: the line after which to insert; 0 for the beginning.'),
        insert_text: string('For insert: the text to insert.'),
        old_path: string('For rename: the present path.'),
        new_path: string('For rename: the new path.'),
      },
      ['command'],
    ),
  }
}

const firstActions = [
  'key',
  'type',
  'mouse_move',
  'left_click',
  'left_click_drag',
  'right_click',
  'middle_click',
  'double_click',
  'screenshot',
  'cursor_position',
]
const laterActions = [
  'left_mouse_down',
  'left_mouse_up',
  'scroll',
  'hold_key',
  'wait',
  'triple_click',
]

function computer({ type, name, raw }: AnthropicTool): PlainTool {
  const canZoom = raw['enable_zoom'] === true
  const actions = [
    ...firstActions,
    ...(type === 'computer_20241022' ? [] : laterActions),
    ...(canZoom ? ['zoom'] : []),
  ]
  return {
    name: name ?? 'computer',
    description: `Uses mouse, keyboard and screen of a computer. The screen is ${String(raw['display_width_px'])} pixels wide and ${String(raw['display_height_px'])} pixels high; coordinates are [x, y] from the upper left corner. Take a screenshot to see what an action did.`,
    schema: object(
      {
        action: choice(actions, 'What to do.'),
        coordinate: point('[x, y] of the click, move or scroll, or the end of a drag.'),
        start_coordinate: point('For left_click_drag: [x, y] of its beginning.'),
        text: string('For type: the text. For key and hold_key: the keys, such as ctrl+s.'),
        scroll_direction: choice(['up', 'down', 'left', 'right'], 'For scroll.'),
        scroll_amount: integer('For scroll: number of wheel clicks.'),
        duration: { type: 'number', description: 'For hold_key and wait: seconds.' },
        ...(canZoom ? { region: point('For zoom: [x0, y0, x1, y1].') } : {}),
      },
      ['action'],
    ),
  }
}
