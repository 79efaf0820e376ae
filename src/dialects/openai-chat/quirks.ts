/**
 * In what a provider of chat completions differs from OpenAI. Data, not code: presets and the
 * catalogue set these flags per provider and per model.
 */
import * as z from 'zod/mini'

const schema = z.strictObject({
  // How answers are read.
  /** Reasoning comes as `<think>…</think>` inside the content. */
  think_tags: z.boolean(),
  /** The stream may end without a finish reason, and is complete all the same. */
  finish_optional: z.boolean(),
  /** `completion_tokens` leaves out reasoning tokens (xAI). */
  output_excludes_reasoning: z.boolean(),
})

export type ChatQuirks = z.infer<typeof schema>

export const chatQuirks = z.partial(schema)

export const defaultChatQuirks: ChatQuirks = {
  think_tags: false,
  finish_optional: false,
  output_excludes_reasoning: false,
}
