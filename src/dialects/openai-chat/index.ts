/**
 * The dialect of chat completions (https://platform.openai.com/docs/api-reference/chat) and
 * compatible servers.
 */
import { defineDialect } from '../dialect.ts'
import { chatQuirks, defaultChatQuirks, unknownServerQuirks } from './quirks.ts'
import { readCount, toCountRequest } from './request/count.ts'
import { toRequest } from './request/request.ts'
import { toFailure } from './response/error.ts'
import { readReply } from './response/reply.ts'
import { createReader } from './response/stream.ts'

export const openaiChat = defineDialect({
  name: 'openai-chat',
  quirksSchema: chatQuirks,
  defaultQuirks: defaultChatQuirks,
  unknownServerQuirks,
  toRequest,
  readReply,
  createReader,
  toFailure,
  toCountRequest,
  readCount,
})
