/**
 * The conversation as contents: user and model alternate, user content comes first and last, and
 * user content is in one message with the tool results before it.
 */
import type { SidesContext } from '../../shared/conversation/sides.ts'
import { toSides } from '../../shared/conversation/sides.ts'
import type { ContentTurn, Turn } from '../../shared/conversation/turns.ts'
import type { GeminiQuirks } from '../quirks.ts'
import type { GeminiContent } from '../wire.ts'
import type { CallIds } from './model-parts.ts'
import { toModelParts } from './model-parts.ts'
import { toResultParts, toUserParts } from './user-parts.ts'

/** Translates the turns of a conversation to contents. */
export function toContents(
  turns: readonly Turn[],
  context: SidesContext<GeminiQuirks>,
): GeminiContent[] {
  const { target, report } = context
  const ids: CallIds = new Map()
  const toItems = (turn: ContentTurn): GeminiContent['parts'] => {
    switch (turn.role) {
      case 'user':
        return toUserParts(turn.content)
      case 'results':
        return toResultParts(turn.results, target.quirks, (id) => ids.get(id) ?? id)
      case 'assistant':
        return toModelParts(turn.content, target, { ids, report })
    }
  }
  return toSides(turns, toItems, context).map(({ role, items }) => ({
    role: role === 'user' ? 'user' : 'model',
    parts: items,
  }))
}
