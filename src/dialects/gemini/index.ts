/**
 * The dialect of `generateContent`, of the Gemini API and Vertex AI
 * (https://ai.google.dev/api/generate-content).
 */
import { defineDialect } from '../dialect.ts'
import { defaultGeminiQuirks, geminiQuirks } from './quirks.ts'
import { readCount, toCountRequest } from './request/count.ts'
import { toRequest } from './request/request.ts'
import { toFailure } from './response/error.ts'
import { readReply } from './response/reply.ts'
import { createReader } from './response/stream.ts'

export const gemini = defineDialect({
  name: 'gemini',
  quirksSchema: geminiQuirks,
  defaultQuirks: defaultGeminiQuirks,
  toRequest,
  readReply,
  createReader,
  toFailure,
  toCountRequest,
  readCount,
})
