/** The code of the dialect `openai-chat`. */
import type { Translation } from '../dialect.ts'
import { toReplyFailure } from '../shared/errors/upstream-error.ts'
import { toNativeSearch } from '../shared/tools/native-search.ts'
import type { ChatQuirks } from './quirks.ts'
import { readCount, toCountRequest } from './request/count.ts'
import { toRequest } from './request/request.ts'
import { readReply } from './response/reply.ts'
import { createReader } from './response/stream.ts'

/** The translation of chat completions. */
export const translation: Translation<ChatQuirks> = {
  toRequest,
  readReply,
  createReader,
  toFailure: toReplyFailure,
  toCountRequest,
  readCount,
  search: toNativeSearch,
}
