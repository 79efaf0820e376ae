/** `generateContent`, of the Gemini API and of Vertex AI (https://ai.google.dev/api/generate-content). */
import { defineDialect } from '../dialect.ts'
import { readCount, toCountRequest } from './count.ts'
import { toFailure } from './error.ts'
import { defaultGeminiQuirks, geminiQuirks } from './quirks.ts'
import { readReply } from './reply.ts'
import { toRequest } from './request.ts'
import { createReader } from './stream.ts'

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
