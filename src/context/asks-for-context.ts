/** Whether a request has anything to do with edits of its context: if not, nothing else of this room is loaded. */
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, asObject, isObject } from '../anthropic/json.ts'

/** Looks at `context_management`, `compaction`, `task_budget`, and the types of blocks. */
export function asksForContext(json: JsonObject): boolean {
  const { context_management: management, compaction, messages, output_config: config } = json
  return (
    asArray(asObject(management)?.['edits']).length > 0 ||
    (compaction !== undefined && compaction !== null) ||
    isObject(asObject(config)?.['task_budget']) ||
    asArray(messages).some(changesContext)
  )
}

/** A system message may change tools and effort, and a compaction replaces those before it. */
function changesContext(message: unknown): boolean {
  if (!isObject(message)) {
    return false
  }
  const { role, content, output_config: config } = message
  const type = role === 'system' ? 'tool_addition' : 'compaction'
  return (
    (role === 'system' && isObject(config)) ||
    asArray(content).some((block) => isObject(block) && block['type'] === type)
  )
}
