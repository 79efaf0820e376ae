/** Tools that appear or disappear in the middle of a conversation: `tool_addition` and `tool_removal` blocks. */
import { append } from '../../platform/append.ts'
import type { JsonObject } from '../json.ts'
import { asArray, asObject, asString, isObject } from '../json.ts'
import type { MessageParam } from './request.ts'

/** One change: the name of a tool, and its definition where a block adds it. */
export interface ToolChange {
  /** The name of the tool. */
  name: string
  isRemoval: boolean
  /** The entry of `tools` that an addition brings along; undefined where it refers to one that is there. */
  definition: JsonObject | undefined
  block: JsonObject
}

/** All changes in their order, those that compactions recorded included. */
export function listToolChanges(messages: readonly MessageParam[]): ToolChange[] {
  const changes: ToolChange[] = []
  for (const { content } of messages) {
    for (const block of typeof content === 'string' ? [] : content) {
      if (block.type === 'other') {
        append(changes, readBlock(block.raw))
      }
    }
  }
  return changes
}

/** The changes of a message as the client sent it. */
export function listRawToolChanges({ content }: JsonObject): ToolChange[] {
  return asArray(content).filter(isObject).flatMap(readBlock)
}

function readBlock(raw: JsonObject): ToolChange[] {
  const blocks = raw['type'] === 'compaction' ? asArray(raw['tool_changes']) : [raw]
  return blocks.filter(isObject).flatMap((block) => readToolChange(block) ?? [])
}

/** Undefined for other blocks, and for references without a name. */
export function readToolChange(block: JsonObject): ToolChange | undefined {
  const isRemoval = block['type'] === 'tool_removal'
  const tool = isRemoval || block['type'] === 'tool_addition' ? asObject(block['tool']) : undefined
  const definition = tool?.['type'] === 'tool_definition' ? asObject(tool['definition']) : undefined
  const name = asString(definition?.['name'] ?? tool?.['name'] ?? tool?.['tool_name'])
  return name === undefined ? undefined : { name, isRemoval, definition, block }
}
