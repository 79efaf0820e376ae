/**
 * The conversation as chat messages: tool results directly after their calls, then user content.
 */
import type { DialectTarget } from '../../dialect.ts'
import type { SystemBlock } from '../../shared/conversation/system-text.ts'
import { mergeAssistantTurns } from '../../shared/conversation/turns.ts'
import type { Turn } from '../../shared/conversation/turns.ts'
import { createToolIds } from '../../shared/tools/tool-ids.ts'
import type { ChatQuirks } from '../quirks.ts'
import type { ChatMessage, VendorMessage } from '../wire.ts'
import type { AnswerContext } from './assistant-message.ts'
import { toAssistantMessage } from './assistant-message.ts'
import { mediaOf, toToolMessage } from './tool-message.ts'
import { createTranscript } from './transcript.ts'

/** The messages of a conversation, and the system messages that are sent with the system prompt. */
export interface Conversation {
  messages: (ChatMessage | VendorMessage)[]
  /** System messages that were moved out of the conversation. */
  system: SystemBlock[]
}

/** Translates the turns of a conversation to chat messages. */
export function toMessages(
  turns: readonly Turn[],
  target: DialectTarget<ChatQuirks>,
  context: Omit<AnswerContext, 'toToolId'>,
): Conversation {
  const { quirks } = target
  const toToolId = createToolIds(quirks.tool_ids)
  const transcript = createTranscript(quirks)
  const isMerged = quirks.mid_system === 'merge' && quirks.system_role !== 'user'
  const system = isMerged ? turns.filter((turn) => turn.role === 'system') : []
  const merged = isMerged
    ? mergeAssistantTurns(turns.filter((turn) => turn.role !== 'system'))
    : turns
  for (const turn of merged) {
    switch (turn.role) {
      case 'user':
        transcript.say(turn.content)
        break
      case 'system':
        transcript.instruct(turn)
        break
      case 'assistant':
        transcript.answer(toAssistantMessage(turn.content, target, { toToolId, ...context }))
        break
      case 'results':
        for (const result of turn.results) {
          transcript.report(toToolMessage(result, quirks, toToolId))
          transcript.say(quirks.images_in_tool_results ? [] : mediaOf(result))
        }
        break
    }
  }
  return { messages: transcript.end(), system }
}
