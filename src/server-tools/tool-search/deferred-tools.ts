/** The deferred tools of a request, and which of them the conversation has loaded. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../../anthropic/json.ts'
import { readToolChange } from '../../anthropic/request/tool-changes.ts'
import { blocksOf } from '../history/read-blocks.ts'

/** Claude Code sends it to mark that tools are deferred; it is no tool. */
const placeholder = 'DeferredToolPlaceholder'

/** A tool that the model can be given once it is found. */
export interface DeferredTool {
  name: string
  /** What is searched: its name and description, and those of its arguments. */
  text: string
}

const maxText = 2000

/** Whether an entry of `tools` has `defer_loading`. */
export function isDeferred(tool: unknown): tool is JsonObject {
  return isObject(tool) && tool['defer_loading'] === true
}

/** The tools that can be found. */
export function listDeferred(tools: unknown): DeferredTool[] {
  return asArray(tools)
    .filter(isDeferred)
    .flatMap((tool) => {
      const name = asString(tool['name'])
      return name === undefined || name === placeholder ? [] : [{ name, text: toText(name, tool) }]
    })
}

function toText(name: string, { description, input_schema: schema }: JsonObject): string {
  const properties = Object.entries(asObject(asObject(schema)?.['properties']) ?? {})
  const fields = properties.map(
    ([field, value]) => `${field} ${asString(asObject(value)?.['description']) ?? ''}`,
  )
  return [name, asString(description) ?? '', ...fields].join('\n').slice(0, maxText)
}

/**
 * The tools to offer: those that are not deferred, then those that were found, called or forced, in that
 * order, so that the prompts of a conversation begin alike.
 */
export function selectTools(tools: readonly unknown[], json: JsonObject): unknown[] {
  const forced = asString(asObject(json['tool_choice'])?.['name'])
  const loaded = new Set([
    ...asArray(json['messages']).flatMap((message) => blocksOf(message).flatMap(namesIn)),
    ...(forced === undefined ? [] : [forced]),
  ])
  const deferred = new Map<string, JsonObject>(
    tools.filter(isDeferred).map((tool) => [asString(tool['name']) ?? '', tool]),
  )
  const found = [...loaded].flatMap((name): JsonObject[] => {
    const tool = deferred.get(name)
    return tool === undefined ? [] : [tool]
  })
  const offered = found.map((tool) => ({ ...tool, defer_loading: false }))
  return [...tools.filter((tool) => !isDeferred(tool)), ...offered]
}

/** The tools that a block loads: references in results, calls, and additions. */
function namesIn(block: JsonObject): string[] {
  const { type, name, content } = block
  switch (type) {
    case 'tool_use':
    case 'mcp_tool_use':
      return [asString(name) ?? '']
    case 'tool_result':
      return referencesIn(content)
    case 'tool_search_tool_result':
      return referencesIn(asObject(content)?.['tool_references'])
    case 'tool_addition':
      return [readToolChange(block)?.name ?? '']
    default:
      return []
  }
}

function referencesIn(list: unknown): string[] {
  return asArray(list).flatMap((item) => {
    const { type, tool_name: name } = asObject(item) ?? {}
    return type === 'tool_reference' ? (asString(name) ?? []) : []
  })
}
