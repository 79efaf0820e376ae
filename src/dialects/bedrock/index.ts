/** Amazon Bedrock's `Converse`, one protocol for the models of all makers there. */
import { defineDialect } from '../dialect.ts'
import { toFailure } from './error.ts'
import { bedrockQuirks, defaultBedrockQuirks } from './quirks.ts'
import { readReply } from './reply.ts'
import { toRequest } from './request.ts'
import { createReader } from './stream.ts'

export const bedrock = defineDialect({
  name: 'bedrock',
  framing: 'aws-event-stream',
  quirksSchema: bedrockQuirks,
  defaultQuirks: defaultBedrockQuirks,
  toRequest,
  readReply,
  createReader,
  toFailure,
})
