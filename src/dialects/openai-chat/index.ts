/**
 * The dialect of chat completions (https://platform.openai.com/docs/api-reference/chat) and
 * compatible servers.
 */
import { defineDialect } from '../define-dialect.ts'
import { chatQuirks, defaultChatQuirks, unknownServerQuirks } from './quirks.ts'
import { translation } from './translation.ts'

/** The dialect `openai-chat`. */
export const openaiChat = defineDialect({
  name: 'openai-chat',
  quirksSchema: chatQuirks,
  defaultQuirks: defaultChatQuirks,
  unknownServerQuirks,
  translation,
})
