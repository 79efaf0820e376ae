/** Whether a request asks for edits of its context: if not, nothing else of this room is loaded for it. */
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, asObject } from '../anthropic/json.ts'

/** Looks at `context_management.edits`. */
export function asksForContextEdits({ context_management: management }: JsonObject): boolean {
  return asArray(asObject(management)?.['edits']).length > 0
}
