/** Amazon Bedrock's `Converse`: one protocol for the models of all its vendors. */
import { defineDialect } from '../define-dialect.ts'
import { bedrockQuirks, defaultBedrockQuirks } from './quirks.ts'

/** The dialect `bedrock`. */
export const bedrock = defineDialect({
  name: 'bedrock',
  framing: 'aws-event-stream',
  quirksSchema: bedrockQuirks,
  defaultQuirks: defaultBedrockQuirks,
  translation: async () => (await import('./translation.ts')).translation,
})
