/** The knobs of a model that thinks, as dialects with one for each have them among their quirks. */
import * as z from 'zod/mini'

/** Their schemas. Paths are dotted: `reasoning.effort`. */
export function createThinkingFlags() {
  const fields = z.record(z.string(), z.unknown())
  return {
    /** The model thinks when nothing is said. */
    thinks_by_default: z.boolean(),
    /** Laid over the request when thinking is wanted. */
    thinking_on: fields,
    /** Laid over the request when thinking is not wanted; null where it cannot be turned off. */
    thinking_off: z.nullable(fields),
    /** Where the effort goes. */
    effort_field: z.string(),
    /** The efforts that the model knows, the nearest is taken; empty where it has no such knob. */
    efforts: z.array(z.enum(['minimal', 'low', 'medium', 'high', 'xhigh', 'max'])),
    /** Where a budget in tokens goes; null where the model has no such knob. */
    budget_field: z.nullable(z.string()),
    /** Least and greatest budget. */
    budget_range: z.tuple([z.number(), z.number()]),
  }
}

type Flags = ReturnType<typeof createThinkingFlags>
export type ThinkingQuirks = { [Name in keyof Flags]: z.infer<Flags[Name]> }
