/** Reads what affects the price besides token counts, as an answer reports it. */
import type { ReportedUsage } from '../../../anthropic/answer/part.ts'

/** A usage that was served in the tier of that name; as it was where the answer names none. */
export function withTier(usage: ReportedUsage, tier: string | undefined): ReportedUsage {
  return tier === undefined ? usage : { ...usage, terms: { ...usage.terms, service_tier: tier } }
}
