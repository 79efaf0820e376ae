/** The edit `clear_thinking_20251015`: thinking of older assistant turns is left out. */
import type { ContentBlock } from '../../anthropic/request/content-block.ts'
import type { MessageParam } from '../../anthropic/request/request.ts'
import type { Clearing } from './clearing.ts'
import type { ClearThinking } from './schema.ts'

/** The turns whose thinking is kept if the edit does not say how many. */
const defaultKept = 1

/** The thinking to clear, by turns, the oldest first. */
export function planThinking(
  messages: readonly MessageParam[],
  { keep }: ClearThinking,
): readonly (readonly Clearing[])[] {
  if (keep === 'all' || keep?.type === 'all') {
    return []
  }
  const turns = listThinking(messages)
  return turns.slice(0, Math.max(0, turns.length - (keep?.value ?? defaultKept)))
}

/**
 * The thinking blocks of each assistant turn that has any. Results of tools continue a turn, whose thinking
 * models need until it has ended: https://platform.claude.com/docs/en/build-with-claude/extended-thinking
 */
function listThinking(messages: readonly MessageParam[]): Clearing[][] {
  const turns: Clearing[][] = []
  let turn: Clearing[] | undefined
  for (const [index, { role, content }] of messages.entries()) {
    const blocks = typeof content === 'string' ? [] : content
    if (role === 'user' && !blocks.some(({ type }) => type === 'tool_result')) {
      turn = undefined
    }
    for (const [at, block] of blocks.entries()) {
      if (role === 'assistant' && isThinking(block)) {
        if (turn === undefined) {
          turn = []
          turns.push(turn)
        }
        turn.push({ message: index, block: at, what: 'block' })
      }
    }
  }
  return turns
}

function isThinking({ type }: ContentBlock): boolean {
  return type === 'thinking' || type === 'redacted_thinking'
}
