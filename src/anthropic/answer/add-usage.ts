import type { ReportedUsage, TokenUsage } from './part.ts'

/** The usage of a request that has used nothing. */
export const noUsage: TokenUsage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, thinking: 0 }

/** The usage where an upstream has reported none. */
export const unreported: ReportedUsage = { ...noUsage, input: undefined, output: undefined }

/** The sum of two usages. Without `terms`: those of two responses may differ. */
export function addUsage(one: TokenUsage, other: TokenUsage): TokenUsage {
  return {
    input: one.input + other.input,
    output: one.output + other.output,
    cacheRead: one.cacheRead + other.cacheRead,
    cacheWrite: one.cacheWrite + other.cacheWrite,
    cacheWrite1h: (one.cacheWrite1h ?? 0) + (other.cacheWrite1h ?? 0),
    thinking: one.thinking + other.thinking,
    webSearches: (one.webSearches ?? 0) + (other.webSearches ?? 0),
  }
}
