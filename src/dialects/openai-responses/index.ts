/**
 * The dialect of the Responses API (https://platform.openai.com/docs/api-reference/responses),
 * without stored responses.
 */
import { defineDialect } from '../define-dialect.ts'
import { defaultResponsesQuirks, responsesQuirks } from './quirks.ts'

/** The dialect `openai-responses`. */
export const openaiResponses = defineDialect({
  name: 'openai-responses',
  quirksSchema: responsesQuirks,
  defaultQuirks: defaultResponsesQuirks,
  translation: async () => (await import('./translation.ts')).translation,
})
