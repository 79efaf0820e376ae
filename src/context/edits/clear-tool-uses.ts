/** The edit `clear_tool_uses_20250919`: results of older tool calls make room, and their arguments if that is wanted. */
import { asString } from '../../anthropic/json.ts'
import type { ContentBlock } from '../../anthropic/request/content-block.ts'
import type { MessageParam } from '../../anthropic/request/request.ts'
import type { Clearing, Place } from './clearing.ts'
import { clearedResult } from './clearing.ts'
import type { ClearToolUses } from './schema.ts'

const defaults = { triggerTokens: 100_000, kept: 3 }

/** A call with its result. */
interface ToolUse {
  name: string
  call: Place
  result: Place
  isCleared: boolean
}

/** What clearing depends on besides the conversation. */
export interface ClearContext {
  /** Input tokens of the request before this edit. */
  inputTokens: number
  /** Tokens that are saved by clearings. */
  countSaved: (clearings: readonly Clearing[]) => number
}

/** What to clear of each tool use, the oldest first; nothing if the edit is not triggered. */
export function planToolUses(
  messages: readonly MessageParam[],
  edit: ClearToolUses,
  { inputTokens, countSaved }: ClearContext,
): readonly (readonly Clearing[])[] {
  const uses = listToolUses(messages)
  if (!isTriggered(edit, { inputTokens, toolUses: uses.length })) {
    return []
  }
  const excluded = new Set(edit.exclude_tools)
  const older = uses.slice(0, Math.max(0, uses.length - (edit.keep?.value ?? defaults.kept)))
  const clearable = older
    .filter(({ name, isCleared }) => !isCleared && !excluded.has(name))
    .map((use) => toClearings(use, edit))
  return inSteps(clearable, edit.clear_at_least?.value ?? 0, countSaved)
}

function isTriggered(
  { trigger }: ClearToolUses,
  { inputTokens, toolUses }: { inputTokens: number; toolUses: number },
): boolean {
  return trigger?.type === 'tool_uses'
    ? toolUses > trigger.value
    : inputTokens > (trigger?.value ?? defaults.triggerTokens)
}

/**
 * Clears in steps of at least so many tokens, counted from the oldest: in between, the beginning of the
 * prompt stays as it is, and providers read it from their caches. The steps follow from the
 * conversation alone, since nothing is remembered.
 */
function inSteps(
  clearable: readonly (readonly Clearing[])[],
  least: number,
  countSaved: ClearContext['countSaved'],
): readonly (readonly Clearing[])[] {
  let complete = 0
  let saved = 0
  for (const [index, clearings] of clearable.entries()) {
    saved += least === 0 ? 0 : countSaved(clearings)
    if (saved >= least) {
      complete = index + 1
      saved = 0
    }
  }
  return clearable.slice(0, complete)
}

function toClearings(
  { name, call, result }: ToolUse,
  { clear_tool_inputs: inputs }: ClearToolUses,
): Clearing[] {
  const clearsInput = Array.isArray(inputs) ? inputs.includes(name) : inputs === true
  const cleared: Clearing[] = [{ ...result, what: 'result' }]
  return clearsInput ? [{ ...call, what: 'input' }, ...cleared] : cleared
}

/** The calls that have a result, in the order of the results. */
function listToolUses(messages: readonly MessageParam[]): ToolUse[] {
  const calls = new Map<string, { name: string; call: Place }>()
  const uses: ToolUse[] = []
  for (const [message, { content }] of messages.entries()) {
    for (const [block, value] of typeof content === 'string' ? [] : content.entries()) {
      const place = { message, block }
      const call = readCall(value)
      const result = readResult(value)
      const called = result && calls.get(result.id)
      if (call !== undefined) {
        calls.set(call.id, { name: call.name, call: place })
      } else if (result !== undefined && called !== undefined) {
        uses.push({ ...called, result: place, isCleared: result.isCleared })
      }
    }
  }
  return uses
}

/** Calls of tools that run at a server have types of their own. */
function readCall(block: ContentBlock): { id: string; name: string } | undefined {
  if (block.type !== 'other') {
    return block.type === 'tool_use' ? block : undefined
  }
  const { type, id, name } = block.raw
  return type.endsWith('_tool_use') && typeof id === 'string'
    ? { id, name: asString(name) ?? '' }
    : undefined
}

function readResult(block: ContentBlock): { id: string; isCleared: boolean } | undefined {
  if (block.type === 'tool_result') {
    return { id: block.tool_use_id, isCleared: isPlaceholder(block.content) }
  }
  const raw = block.type === 'other' ? block.raw : undefined
  const id = asString(raw?.['tool_use_id'])
  return raw?.type.endsWith('_tool_result') === true && id !== undefined
    ? { id, isCleared: isPlaceholder(raw['content']) }
    : undefined
}

function isPlaceholder(content: unknown): boolean {
  const [first, second] = Array.isArray(content) ? content : []
  return second === undefined && first?.type === 'text' && first.text === clearedResult
}
