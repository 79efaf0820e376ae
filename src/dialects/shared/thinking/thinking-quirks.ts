/** The thinking flags of dialects in which vendors choose the request fields. */
import * as z from 'zod/mini'

/** Thinking: how a request turns it on and off, and how much of it there is. */
export function createThinkingFlags() {
  const fields = z.record(z.string(), z.unknown())
  return {
    /** The model thinks if the request does not mention thinking. */
    thinks_by_default: z.boolean(),
    /** Fields merged into the request when thinking is wanted. */
    thinking_on: fields,
    /** Fields merged into the request when thinking is not wanted; null if it cannot be turned off, and the least effort is sent. */
    thinking_off: z.nullable(fields),
    /** Dotted path of the effort: `reasoning.effort`. */
    effort_field: z.string(),
    /** The efforts that the model knows, the nearest is sent; empty if it has no such field. */
    efforts: z.array(z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'])),
    /** Dotted path of a thinking budget in tokens; null if the model has no such field. */
    budget_field: z.nullable(z.string()),
    /** Least and greatest thinking budget, in tokens. */
    budget_range: z.tuple([z.number(), z.number()]),
  }
}

type Flags = ReturnType<typeof createThinkingFlags>

/** The thinking quirks, with defaults filled in. */
export type ThinkingQuirks = { [Name in keyof Flags]: z.infer<Flags[Name]> }
