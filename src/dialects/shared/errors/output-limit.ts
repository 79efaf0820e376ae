/**
 * Recognizes errors that report a reached output limit: OpenAI's reasoning models return one if
 * thinking used up `max_tokens` (https://github.com/BerriAI/litellm/issues/35061). For Anthropic
 * that is an answer without content and with `stop_reason: max_tokens`.
 */
const wordings =
  /could ?n[o']t finish the (?:message|response|answer|output)|(?:max_?(?:completion_?|output_?)?tokens|output (?:token )?limit|token limit for (?:the )?(?:output|completion))[^.\n]{0,60}\b(?:was|were|is|has been|been) (?:reached|hit|exhausted|used up)|reached (?:the )?(?:max_?(?:completion_?|output_?)?tokens|(?:maximum )?output (?:token )?limit)/i

/** Whether an error's text reports a reached output limit. */
export function isOutputLimit(text: string): boolean {
  return wordings.test(text) && !/rate.?limit|per.?minute|quota|context/i.test(text)
}
