/** The flags for the rest of the body in dialects in which vendors differ: both of OpenAI's. */
import * as z from 'zod/mini'

/** Structured output, streaming, sessions, and additional fields. */
export function createBodyFlags() {
  const fields = z.record(z.string(), z.unknown())
  return {
    /** The kind of structured output that the server supports; the system text asks for what is missing (https://platform.openai.com/docs/guides/structured-outputs). */
    structured_output: z.enum(['json_schema', 'json_object', 'none']),
    /** `strict: true` is sent with output schemas that allow it. */
    strict_output: z.boolean(),
    /** The server only streams (Alibaba's thinking models: https://www.alibabacloud.com/help/en/model-studio/deep-thinking). */
    stream_only: z.boolean(),
    /** Body fields that carry a stable key of the conversation (`prompt_cache_key`: https://platform.openai.com/docs/guides/prompt-caching; `user`). */
    session_fields: z.array(z.string()),
    /** Headers that carry a stable key of the conversation (`x-session-affinity`: https://docs.fireworks.ai/guides/prompt-caching). */
    session_headers: z.array(z.string()),
    /** Fields merged into every request, last. */
    extra_body: fields,
    /** Fields merged into requests with tools, before `extra_body`. */
    extra_body_with_tools: fields,
  }
}
