/** Values that several parts of a catalog have. */
import * as z from 'zod/mini'

/** Text that is not empty. */
export const text = z.string().check(z.minLength(1))

/** A count that is not 0. */
export const positive = z.number().check(z.int(), z.positive())

/** An amount in USD. */
export const usd = z.number().check(z.gte(0))

/** A duration in seconds, fractions allowed. */
export const seconds = z.number().check(z.positive())

/** The schema of an optional boolean. */
export const flag = z.optional(z.boolean())

/** Quirks, whose fields are those of the dialect (see its quirks.ts). */
export const quirks = z.optional(z.record(z.string(), z.unknown()))
