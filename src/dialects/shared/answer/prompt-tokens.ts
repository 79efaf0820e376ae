/** The tokens of a prompt, told apart. */
export interface PromptTokens {
  input: number
  cacheRead: number
  cacheWrite: number
}

/**
 * Splits a prompt's count, which includes what was read from the cache and written to it. Some servers
 * count otherwise, and only the numbers show it: more read than the prompt has means that the prompt
 * leaves it out (Grok on Azure), and the same number for both is one count under two names (Gemini
 * through OpenRouter).
 */
export function splitPrompt(prompt: number, cacheRead: number, written: number): PromptTokens {
  const exceeds = cacheRead + written > prompt
  const cacheWrite = exceeds && written === cacheRead ? 0 : written
  const isLeftOut = cacheRead > prompt
  return {
    input: isLeftOut ? prompt : Math.max(0, prompt - cacheRead - cacheWrite),
    cacheRead,
    cacheWrite: isLeftOut ? cacheWrite : Math.min(cacheWrite, prompt - cacheRead),
  }
}
