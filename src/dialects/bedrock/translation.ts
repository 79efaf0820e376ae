/** The code of the dialect `bedrock`. */
import type { Translation } from '../dialect.ts'
import { toReplyFailure } from '../shared/errors/upstream-error.ts'
import type { BedrockQuirks } from './quirks.ts'
import { toRequest } from './request/request.ts'
import { readReply } from './response/reply.ts'
import { createReader } from './response/stream.ts'

/** The translation of `Converse`. */
export const translation: Translation<BedrockQuirks> = {
  toRequest,
  readReply,
  createReader,
  toFailure: toReplyFailure,
}
