/** Whether a request has anything to do with edits of its context: if not, nothing else of this room is loaded. */
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, asObject, isObject } from '../anthropic/json.ts'

/** Looks at `context_management`, `compaction`, and the types of blocks. */
export function asksForContext(json: JsonObject): boolean {
  const { context_management: management, compaction, messages } = json
  return (
    asArray(asObject(management)?.['edits']).length > 0 ||
    (compaction !== undefined && compaction !== null) ||
    asArray(messages).some(hasCompaction)
  )
}

function hasCompaction(message: unknown): boolean {
  return (
    isObject(message) &&
    asArray(message['content']).some((block) => isObject(block) && block['type'] === 'compaction')
  )
}
