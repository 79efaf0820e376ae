/**
 * The conversation as messages: user and assistant alternate, a user message comes first and last,
 * and user content is in one message with the tool results before it.
 */
import type { HistoryCall, TextOrThinking } from '../../shared/conversation/read-messages.ts'
import type { SidesContext } from '../../shared/conversation/sides.ts'
import { toSides } from '../../shared/conversation/sides.ts'
import type { ContentTurn, Turn } from '../../shared/conversation/turns.ts'
import { ignoreThinking } from '../../shared/thinking/ignore-thinking.ts'
import { createToolIds } from '../../shared/tools/tool-ids.ts'
import type { ToToolId } from '../../shared/tools/tool-ids.ts'
import type { BedrockQuirks } from '../quirks.ts'
import { toReasoningBlocks } from '../reasoning.ts'
import type { AssistantBlock, ConverseMessage, MessageBlock } from '../wire.ts'
import type { BlockContext } from './content-blocks.ts'
import { toResultBlocks, toUserBlocks } from './content-blocks.ts'
import { createDocumentNames } from './document-names.ts'

/** Text next to a document, which Converse requires. */
const documentHint = '(see the document)'

type MessagesContext = SidesContext<BedrockQuirks>

/** Translates the turns of a conversation to messages. */
export function toMessages(turns: readonly Turn[], context: MessagesContext): ConverseMessage[] {
  const { quirks } = context.target
  const blockContext: BlockContext = {
    quirks,
    toToolId: createToolIds(quirks.tool_ids),
    documentNames: createDocumentNames(),
  }
  const toItems = (turn: ContentTurn): MessageBlock[] => {
    switch (turn.role) {
      case 'user':
        return toUserBlocks(turn.content, blockContext)
      case 'results':
        return toResultBlocks(turn.results, blockContext)
      case 'assistant':
        return toAssistantBlocks(turn.content, context, blockContext.toToolId)
    }
  }
  const sides = toSides(turns, toItems, context)
  const prefill = turns.at(-1)?.role === 'assistant' ? sides.findLast(isAssistant) : undefined
  return sides.map((side) =>
    side.role === 'user'
      ? { role: side.role, content: withText(side.items) }
      : { role: side.role, content: side === prefill ? side.items.map(trimEnd) : side.items },
  )
}

function isAssistant({ role }: { role: string }): boolean {
  return role === 'assistant'
}

/** `final assistant content cannot end with trailing whitespace` */
function trimEnd(block: MessageBlock): MessageBlock {
  return 'text' in block ? { text: block.text.trimEnd() } : block
}

function toAssistantBlocks(
  content: readonly (TextOrThinking | HistoryCall)[],
  { target, report }: MessagesContext,
  toToolId: ToToolId,
): AssistantBlock[] {
  return content.flatMap((item): AssistantBlock[] => {
    switch (item.type) {
      case 'text':
        return [{ text: item.text }]
      case 'thinking': {
        const blocks = toReasoningBlocks(item, target)
        if (blocks.length === 0) {
          ignoreThinking(report)
        }
        return blocks
      }
      case 'call': {
        const { id, name, input } = item
        return [{ toolUse: { toolUseId: toToolId(id, name), name, input } }]
      }
    }
  })
}

function withText(content: MessageBlock[]): MessageBlock[] {
  const isAlone =
    content.some((block) => 'document' in block) && !content.some((block) => 'text' in block)
  return isAlone ? [...content, { text: documentHint }] : content
}
