/**
 * The conversation as messages: user and assistant alternate, a user message comes first and last,
 * and user content is in one message with the tool results before it.
 */
import type { Report } from '../../../anthropic/report.ts'
import { append } from '../../../platform/append.ts'
import type { DialectTarget } from '../../dialect.ts'
import type { HistoryCall, TextOrThinking } from '../../shared/conversation/read-messages.ts'
import type { Turn } from '../../shared/conversation/turns.ts'
import { ignoreThinking } from '../../shared/thinking/ignore-thinking.ts'
import { createToolIds } from '../../shared/tools/tool-ids.ts'
import type { ToToolId } from '../../shared/tools/tool-ids.ts'
import type { BedrockQuirks } from '../quirks.ts'
import { toReasoningBlocks } from '../reasoning.ts'
import type { AssistantBlock, ConverseMessage, UserBlock } from '../wire.ts'
import type { BlockContext } from './content-blocks.ts'
import { toResultBlocks, toUserBlocks } from './content-blocks.ts'
import { createDocumentNames } from './document-names.ts'

interface MessagesContext {
  target: DialectTarget<BedrockQuirks>
  report: Report
  /** Path of the client's last message. */
  lastPath: string
}

/** The user message in front of a conversation that begins with an assistant turn. */
const beginning = '(beginning of the conversation left out)'

/** Text next to a document, which Converse requires. */
const documentHint = '(see the document)'

/** Translates the turns of a conversation to messages. */
export function toMessages(turns: readonly Turn[], context: MessagesContext): ConverseMessage[] {
  const { target } = context
  const { quirks } = target
  const blockContext: BlockContext = {
    quirks,
    toToolId: createToolIds(quirks.tool_ids),
    documentNames: createDocumentNames(),
  }
  const messages: ConverseMessage[] = []
  for (const turn of turns) {
    switch (turn.role) {
      case 'user':
        addUser(messages, toUserBlocks(turn.content, blockContext))
        break
      case 'system':
        addUser(messages, [{ text: `<system-reminder>\n${turn.text}\n</system-reminder>` }])
        break
      case 'results':
        addUser(messages, toResultBlocks(turn.results, blockContext))
        break
      case 'assistant':
        addAssistant(messages, toAssistantBlocks(turn.content, context, blockContext.toToolId))
        break
    }
  }
  return toPrefill(messages.map(withText), context)
}

function addUser(messages: ConverseMessage[], blocks: readonly UserBlock[]): void {
  const last = messages.at(-1)
  if (last?.role === 'user') {
    append(last.content, blocks)
  } else {
    messages.push({ role: 'user', content: [...blocks] })
  }
}

function addAssistant(messages: ConverseMessage[], blocks: readonly AssistantBlock[]): void {
  const last = messages.at(-1)
  if (last?.role === 'assistant') {
    append(last.content, blocks)
    return
  }
  if (last === undefined) {
    addUser(messages, [{ text: beginning }])
  }
  messages.push({ role: 'assistant', content: [...blocks] })
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

function withText(message: ConverseMessage): ConverseMessage {
  if (message.role !== 'user') {
    return message
  }
  const { content } = message
  const isAlone = content.some((block) => 'document' in block)
  return isAlone && !content.some((block) => 'text' in block)
    ? { ...message, content: [...content, { text: documentHint }] }
    : message
}

/** Handles a conversation that ends with an assistant turn (prefill). */
function toPrefill(
  messages: readonly ConverseMessage[],
  { target, report, lastPath }: MessagesContext,
): ConverseMessage[] {
  const last = messages.at(-1)
  if (last?.role !== 'assistant') {
    return [...messages]
  }
  // `final assistant content cannot end with trailing whitespace`
  const content = last.content.map((block) =>
    'text' in block ? { text: block.text.trimEnd() } : block,
  )
  const trimmed = [...messages.slice(0, -1), { ...last, content }]
  if (target.quirks.prefill === 'native') {
    return trimmed
  }
  report.map(lastPath, 'user: Continue.')
  return [...trimmed, { role: 'user', content: [{ text: 'Continue.' }] }]
}
