/** The leading system message. */
import type { SystemBlock } from '../../shared/conversation/system-text.ts'
import type { ChatQuirks } from '../quirks.ts'
import type { ChatMessage } from '../wire.ts'
import { toTextContent } from './user-content.ts'

/** One message of all blocks, or none. */
export function toSystemMessages(
  blocks: readonly SystemBlock[],
  quirks: ChatQuirks,
): ChatMessage[] {
  return blocks.length === 0
    ? []
    : [{ role: quirks.system_role, content: toTextContent(blocks, quirks) }]
}
