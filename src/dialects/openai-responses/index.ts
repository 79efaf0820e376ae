/**
 * The dialect of the Responses API (https://platform.openai.com/docs/api-reference/responses),
 * without stored responses.
 */
import { defineDialect } from '../dialect.ts'
import { defaultResponsesQuirks, responsesQuirks } from './quirks.ts'
import { readCount, toCountRequest } from './request/count.ts'
import { toRequest } from './request/request.ts'
import { toFailure } from './response/error.ts'
import { readReply } from './response/reply.ts'
import { createReader } from './response/stream.ts'

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
