/** All dialects by name. */
import { bedrockAnthropic, vertexAnthropic } from './anthropic/hosts/index.ts'
import { anthropic } from './anthropic/index.ts'
import { bedrock } from './bedrock/index.ts'
import type { Dialect } from './dialect.ts'
import { gemini } from './gemini/index.ts'
import { openaiChat } from './openai-chat/index.ts'
import { openaiResponses } from './openai-responses/index.ts'
import type { PassThrough } from './pass-through.ts'

/** The dialects by the name that catalogs use. */
export const dialects: Record<string, Dialect | PassThrough> = {
  anthropic,
  bedrock,
  'bedrock-anthropic': bedrockAnthropic,
  gemini,
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'vertex-anthropic': vertexAnthropic,
}
