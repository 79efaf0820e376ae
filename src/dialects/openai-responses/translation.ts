/** The code of the dialect `openai-responses`. */
import type { Translation } from '../dialect.ts'
import { toReplyFailure } from '../shared/errors/upstream-error.ts'
import { toNativeSearch } from '../shared/tools/native-search.ts'
import type { ResponsesQuirks } from './quirks.ts'
import { readCount, toCountRequest } from './request/count.ts'
import { toRequest } from './request/request.ts'
import { readReply } from './response/reply.ts'
import { createReader } from './response/stream.ts'

/** The translation of the Responses API. */
export const translation: Translation<ResponsesQuirks> = {
  toRequest,
  readReply,
  createReader,
  toFailure: toReplyFailure,
  toCountRequest,
  readCount,
  search: toNativeSearch,
}
