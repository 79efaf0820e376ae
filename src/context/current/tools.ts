/** Tools that a conversation itself defines (beta `inline-tools-2026-09-15`), as entries of `tools`. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, isObject } from '../../anthropic/json.ts'
import type { ToolChange } from '../../anthropic/request/tool-changes.ts'
import { listRawToolChanges } from '../../anthropic/request/tool-changes.ts'

/**
 * The tools with those that messages define, each in place of an entry of the same name. Those that were
 * removed again stay: a later reference may bring them back, and dialects leave out what is removed.
 * The same value if messages define none.
 */
export function withInlineTools({ tools, messages }: JsonObject): unknown {
  const defined = findDefined(messages)
  if (defined.size === 0) {
    return tools
  }
  const replaced = asArray(tools).filter((tool) => !defined.has(String(asObject(tool)?.['name'])))
  return [...replaced, ...[...defined.values()].map(({ definition }) => definition)]
}

/** The last definition of each name. */
function findDefined(messages: unknown): ReadonlyMap<string, ToolChange> {
  const defined = new Map<string, ToolChange>()
  for (const change of asArray(messages).filter(isObject).flatMap(listRawToolChanges)) {
    if (change.definition !== undefined) {
      defined.set(change.name, change)
    }
  }
  return defined
}
