/** Chat completions (https://platform.openai.com/docs/api-reference/chat) and all that resemble them. */
import { defineDialect } from '../dialect.ts'
import { readCount, toCountRequest } from './count.ts'
import { toFailure } from './error.ts'
import { chatQuirks, defaultChatQuirks } from './quirks.ts'
import { readReply } from './reply.ts'
import { toRequest } from './request.ts'
import { createReader } from './stream.ts'

export const openaiChat = defineDialect({
  name: 'openai-chat',
  quirksSchema: chatQuirks,
  defaultQuirks: defaultChatQuirks,
  toRequest,
  readReply,
  createReader,
  toFailure,
  toCountRequest,
  readCount,
})
