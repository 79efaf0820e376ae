/**
 * The dialect of `generateContent`, of the Gemini API and Vertex AI
 * (https://ai.google.dev/api/generate-content).
 */
import { defineDialect } from '../define-dialect.ts'
import { defaultGeminiQuirks, geminiQuirks } from './quirks.ts'

/** The dialect `gemini`. */
export const gemini = defineDialect({
  name: 'gemini',
  quirksSchema: geminiQuirks,
  defaultQuirks: defaultGeminiQuirks,
  translation: async () => (await import('./translation.ts')).translation,
})
