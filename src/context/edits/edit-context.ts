/** Edits the context of a request as Anthropic's servers do. A pure function: the client keeps the whole conversation. */
import type { AppliedEdit } from '../../anthropic/answer/wire/context-management.ts'
import type { ContentBlock } from '../../anthropic/request/content-block.ts'
import type { CountTokensRequest } from '../../anthropic/request/request.ts'
import { estimateBlocks } from '../../tokens/estimate.ts'
import { planThinking } from './clear-thinking.ts'
import { planToolUses } from './clear-tool-uses.ts'
import type { Clearing, Place } from './clearing.ts'
import { clearedResult } from './clearing.ts'
import type { ContextEdit } from './schema.ts'

/**
 * The edits of one request: what is cleared, what is reported as applied, and the input tokens that are saved.
 */
export interface EditPlan {
  clearings: readonly Clearing[]
  /** Edits that cleared anything, as the client receives them. */
  applied: readonly AppliedEdit[]
  /** Input tokens that are saved in all. */
  savedTokens: number
}

interface EditOptions {
  /** The upstream's name of the model, which selects the tokenizer. */
  model: string
  /** The input tokens of the request as it is. */
  inputTokens: () => number
}

/** Plans the edits in their order: each sees what the ones before it have left. */
export function planEdits(
  { messages }: Pick<CountTokensRequest, 'messages'>,
  edits: readonly ContextEdit[],
  { model, inputTokens }: EditOptions,
): EditPlan {
  const clearings: Clearing[] = []
  const applied: AppliedEdit[] = []
  let savedTokens = 0
  const find = ({ message, block }: Place): ContentBlock | undefined => {
    const content = messages[message]?.content
    return typeof content === 'string' ? undefined : content?.[block]
  }
  const countSaved = (cleared: readonly Clearing[]): number =>
    cleared.reduce((sum, clearing) => sum + toSaved(find(clearing), clearing, model), 0)
  for (const edit of edits) {
    const units =
      edit.type === 'clear_thinking_20251015'
        ? planThinking(messages, edit)
        : edit.type === 'clear_tool_uses_20250919'
          ? planToolUses(messages, edit, { inputTokens: inputTokens() - savedTokens, countSaved })
          : []
    const cleared = units.flat()
    if (cleared.length > 0) {
      const saved = countSaved(cleared)
      applied.push(toApplied(edit, units.length, saved))
      savedTokens += saved
      cleared.forEach((clearing) => clearings.push(clearing))
    }
  }
  return { clearings, applied, savedTokens }
}

function toApplied({ type }: ContextEdit, units: number, tokens: number): AppliedEdit {
  return type === 'clear_thinking_20251015'
    ? { type, cleared_thinking_turns: units, cleared_input_tokens: tokens }
    : {
        type: 'clear_tool_uses_20250919',
        cleared_tool_uses: units,
        cleared_input_tokens: tokens,
      }
}

function toSaved(block: ContentBlock | undefined, { what }: Clearing, model: string): number {
  if (block === undefined) {
    return 0
  }
  const before = estimateBlocks([block], model)
  return what === 'block' ? before : Math.max(0, before - estimateBlocks([toEmptied(block)], model))
}

/** A call without its arguments, or a result without its content. */
function toEmptied(block: ContentBlock): ContentBlock {
  switch (block.type) {
    case 'tool_use':
      return { ...block, input: {} }
    case 'tool_result':
      return { ...block, content: clearedResult }
    case 'other':
      return {
        ...block,
        raw: block.raw.type.endsWith('_tool_use')
          ? { ...block.raw, input: {} }
          : { ...block.raw, content: clearedResult },
      }
    default:
      return block
  }
}
