/**
 * Reads the shapes that most of a long conversation has, in a twentieth of the time that the schema takes.
 * Each function returns exactly what the schema would, or undefined for everything that it leaves to the
 * schema: other blocks, rarer fields, and whatever is invalid.
 */
import { isObject } from '../json.ts'
import type { JsonObject } from '../json.ts'

/** Matches the ids of tool calls, in the schema too. */
export const toolId = /^[a-zA-Z0-9_-]+$/
/** The maximal length of a tool's name, in the schema too. */
export const maxToolName = 512

/** Fields of tools that are left to the schema. */
const rareToolFields = [
  'type',
  'cache_control',
  'strict',
  'defer_loading',
  'eager_input_streaming',
  'input_examples',
  'allowed_callers',
]

/** Reads a message that has only blocks which {@link readCommonBlock} reads. */
export function readCommonMessage(value: unknown) {
  if (!isObject(value) || 'clear_at' in value) {
    return undefined
  }
  const { role, content } = value
  if (role !== 'user' && role !== 'assistant' && role !== 'system') {
    return undefined
  }
  const read = typeof content === 'string' ? content : readAll(content, readCommonBlock)
  return read === undefined ? undefined : ({ role, content: read } as const)
}

/** Reads a custom tool with a name, a schema and perhaps a description. */
export function readCommonTool(value: unknown) {
  if (!isObject(value) || rareToolFields.some((field) => field in value)) {
    return undefined
  }
  const { name, description, input_schema: schema } = value
  const isNamed = typeof name === 'string' && name !== '' && name.length <= maxToolName
  // The schema removes `__proto__`.
  if (!isNamed || !isObject(schema) || Object.hasOwn(schema, '__proto__')) {
    return undefined
  }
  if (!('description' in value)) {
    return { custom: { name, input_schema: schema } }
  }
  return typeof description === 'string'
    ? { custom: { name, description, input_schema: schema } }
    : undefined
}

/** Reads a block of text, thinking, a tool call or its result, without a cache mark. */
export function readCommonBlock(value: unknown) {
  if (!isObject(value) || 'cache_control' in value) {
    return undefined
  }
  switch (value['type']) {
    case 'text':
      return readText(value)
    case 'thinking': {
      const { thinking, signature } = value
      return typeof thinking === 'string' && typeof signature === 'string'
        ? { type: 'thinking' as const, thinking, signature }
        : undefined
    }
    case 'tool_use': {
      const { id, name, input } = value
      return isToolId(id) && typeof name === 'string' && isObject(input)
        ? { type: 'tool_use' as const, id, name, input }
        : undefined
    }
    case 'tool_result':
      return readResult(value)
    default:
      return undefined
  }
}

function readResult(value: JsonObject) {
  const { tool_use_id: id, content, is_error: isError } = value
  const read = typeof content === 'string' ? content : readAll(content, readCommonText)
  if (!isToolId(id) || read === undefined) {
    return undefined
  }
  const result = { type: 'tool_result' as const, tool_use_id: id, content: read }
  if (!('is_error' in value)) {
    return result
  }
  return typeof isError === 'boolean' ? { ...result, is_error: isError } : undefined
}

function readCommonText(value: unknown) {
  return isObject(value) && value['type'] === 'text' && !('cache_control' in value)
    ? readText(value)
    : undefined
}

function readText({ text }: JsonObject) {
  return typeof text === 'string' ? { type: 'text' as const, text } : undefined
}

function isToolId(value: unknown): value is string {
  return typeof value === 'string' && toolId.test(value)
}

/** All elements of a list; undefined if it is none, or one of them is left to the schema. */
function readAll<Value>(
  list: unknown,
  read: (element: unknown) => Value | undefined,
): Value[] | undefined {
  if (!Array.isArray(list)) {
    return undefined
  }
  const all: Value[] = []
  for (const element of list) {
    const value = read(element)
    if (value === undefined) {
      return undefined
    }
    all.push(value)
  }
  return all
}
