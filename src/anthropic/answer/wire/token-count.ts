/** The body of a token count, in Anthropic's fields. */
export interface TokenCount {
  input_tokens: number
  context_management?: { original_input_tokens: number }
}

/** `input`: tokens after edits of the context. `saved`: what those save; undefined where none were asked for. */
export function toTokenCount(input: number, saved: number | undefined): TokenCount {
  return saved === undefined
    ? { input_tokens: input }
    : { input_tokens: input, context_management: { original_input_tokens: input + saved } }
}
