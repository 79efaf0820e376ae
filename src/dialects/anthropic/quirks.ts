/**
 * In what hosts of Anthropic's protocol differ from Anthropic. Data, not code: presets and the
 * catalogue set it per provider and per model. Where nothing is set, bodies go on byte for byte.
 */
import * as z from 'zod/mini'

/** Built at its first use: schemas are most of what a cold start evaluates. */
function createSchema() {
  return z.strictObject({
    /** The top-level fields that the host knows; null where it takes all. Others are left out. */
    fields: z.nullable(z.array(z.string())),
    /** The values of `anthropic-beta` that the host knows; null where it takes all. */
    betas: z.nullable(z.array(z.string())),
    /**
     * What the host makes of `cache_control`: takes it as it is; takes no more than `{"type":
     * "ephemeral"}`, and never on thinking; or refuses it.
     */
    cache_control: z.enum(['as_is', 'plain', 'none']),
  })
}

export type AnthropicQuirks = z.infer<ReturnType<typeof createSchema>>

export const anthropicQuirks = z.lazy(() => z.exactPartial(createSchema()))

/** Anthropic's own servers. */
export const defaultAnthropicQuirks: AnthropicQuirks = {
  fields: null,
  betas: null,
  cache_control: 'as_is',
}
