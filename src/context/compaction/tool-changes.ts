/** What a compaction records of the tools: the changes that lead from the request's `tools` to those at its end. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject } from '../../anthropic/json.ts'
import type { CountTokensRequest } from '../../anthropic/request/request.ts'
import type { ToolChange } from '../../anthropic/request/tool-changes.ts'
import { listToolChanges } from '../../anthropic/request/tool-changes.ts'

/** One change a tool at most: the last, where it is none that only undoes another. */
export function summarizeToolChanges({
  messages,
  tools,
}: Pick<CountTokensRequest, 'messages' | 'tools'>): JsonObject[] {
  const declared = new Map(
    (tools ?? []).map((tool) =>
      'custom' in tool
        ? [tool.custom.name, tool.custom.defer_loading === true]
        : [tool.anthropic.name ?? '', tool.anthropic.raw['defer_loading'] === true],
    ),
  )
  const last = new Map<string, ToolChange>()
  for (const change of listToolChanges(messages)) {
    const before = last.get(change.name)
    last.delete(change.name)
    // A reference to an inline definition makes that available again.
    const isKnown = change.definition !== undefined || change.isRemoval
    last.set(change.name, isKnown ? change : (definitionOf(before) ?? change))
  }
  return [...last.values()]
    .filter(({ name, isRemoval, definition }) =>
      isRemoval ? declared.has(name) : definition !== undefined || declared.get(name) === true,
    )
    .map(withoutCacheControl)
}

function definitionOf(change: ToolChange | undefined): ToolChange | undefined {
  return change?.definition === undefined ? undefined : change
}

function withoutCacheControl({ block, definition }: ToolChange): JsonObject {
  const { cache_control: _, ...change } = block
  if (definition === undefined) {
    return change
  }
  const { cache_control: _cached, ...plain } = definition
  return { ...change, tool: { ...asObject(block['tool']), definition: plain } }
}
