/** Amazon Bedrock's `Converse`: one protocol for the models of all its vendors. */
import { defineDialect } from '../dialect.ts'
import { bedrockQuirks, defaultBedrockQuirks } from './quirks.ts'
import { toRequest } from './request/request.ts'
import { toFailure } from './response/error.ts'
import { readReply } from './response/reply.ts'
import { createReader } from './response/stream.ts'

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
