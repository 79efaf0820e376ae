/** The Responses API (https://platform.openai.com/docs/api-reference/responses), without its storage. */
import { defineDialect } from '../dialect.ts'
import { readCount, toCountRequest } from './count.ts'
import { toFailure } from './error.ts'
import { defaultResponsesQuirks, responsesQuirks } from './quirks.ts'
import { readReply } from './reply.ts'
import { toRequest } from './request.ts'
import { createReader } from './stream.ts'

export const openaiResponses = defineDialect({
  name: 'openai-responses',
  quirksSchema: responsesQuirks,
  defaultQuirks: defaultResponsesQuirks,
  toRequest,
  readReply,
  createReader,
  toFailure,
  toCountRequest,
  readCount,
})
