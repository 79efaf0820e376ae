import { isCount } from '../../../anthropic/answer/usage-meter.ts'

/** A number, whether or not it can be a count: what cannot is estimated, and logged. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** The tokens of a prompt by their relation to the cache. `input` is undefined if the prompt was not counted. */
export interface PromptTokens {
  input: number | undefined
  cacheRead: number
  cacheWrite: number
}

/**
 * Splits a prompt's count, which includes tokens read from the cache and written to it. Some
 * servers count differently, which only the numbers show: a read count above the prompt's means
 * that the prompt excludes it (Grok on Azure), and equal read and write counts are one count under
 * two names (Gemini through OpenRouter).
 */
export function splitPrompt(
  prompt: number | undefined,
  cacheRead: number,
  written: number,
): PromptTokens {
  if (prompt === undefined || !isCount(prompt)) {
    return { input: prompt, cacheRead, cacheWrite: written }
  }
  const exceeds = cacheRead + written > prompt
  const cacheWrite = exceeds && written === cacheRead ? 0 : written
  const isLeftOut = cacheRead > prompt
  return {
    input: isLeftOut ? prompt : Math.max(0, prompt - cacheRead - cacheWrite),
    cacheRead,
    cacheWrite: isLeftOut ? cacheWrite : Math.min(cacheWrite, prompt - cacheRead),
  }
}
