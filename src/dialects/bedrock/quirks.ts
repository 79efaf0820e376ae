/**
 * In what models behind `Converse` differ. Data, not code: presets and the catalogue set these flags
 * per provider and per model. The defaults are those of a model of which nothing is known.
 */
import * as z from 'zod/mini'

import { createThinkingFlags } from '../shared/thinking/thinking-quirks.ts'

/** Built at its first use: schemas are most of what a cold start evaluates. */
function createSchema() {
  const fields = z.record(z.string(), z.unknown())

  return z.strictObject({
    // Turns.
    /** An answer that the client began: the model goes on with it, or is asked to by a user turn. */
    prefill: z.enum(['native', 'continue']),
    /** Where the model takes `cachePoint`; none where it caches by itself or not at all. */
    cache_points: z.array(z.enum(['system', 'messages', 'tools'])),

    // Images and documents. The model's own `takes` may say less, not more.
    /** Takes images. */
    images: z.boolean(),
    /** Takes PDFs. */
    pdfs: z.boolean(),
    /** Results of tools may hold them; else they stand beside the results. */
    media_in_results: z.boolean(),

    // Tools.
    /** Form of tool use ids: at most 40 characters; exactly 9 alphanumeric ones (Mistral). */
    tool_ids: z.enum(['openai', 'alnum9']),
    /** A result says by `status` that it is an error; else its text does. */
    result_status: z.boolean(),
    /** How "some tool" is said; `hint`: not at all, so the system text asks for it. */
    tool_choice_any: z.enum(['any', 'hint']),
    /** How "this tool" is said: by name; by offering no other and forcing any; by the system text. */
    tool_choice_named: z.enum(['function', 'only', 'hint']),
    /** What gives way when a tool is forced while the model thinks. */
    forced_while_thinking: z.enum(['allowed', 'drop_thinking', 'drop_force']),
    /** Hands on `strict` where the client asked for it and the schema allows it. */
    strict_tools: z.boolean(),

    // Thinking.
    ...createThinkingFlags(),
    /** Which of its own reasoning the model gets back: all, what is signed, or none. */
    replay: z.enum(['always', 'signed', 'never']),

    // Parameters.
    /** Parameters that are refused, by their names with the client. */
    drop_params: z.array(z.enum(['temperature', 'top_p', 'top_k'])),
    /** The same, only while the model thinks. */
    drop_params_thinking: z.array(z.enum(['temperature', 'top_p', 'top_k'])),
    /** Takes a temperature or `top_p`, not both: the temperature. */
    one_of_sampling: z.boolean(),
    /** Where `top_k` goes. */
    top_k_field: z.string(),
    /** How many stop sequences the model takes; the gateway enforces the rest. */
    stop: z.int(),
    /** What the model knows of structured output; what is missing the system text asks for. */
    structured_output: z.enum(['json_schema', 'none']),
    /** Laid over every request, last: `guardrailConfig`, `requestMetadata`, `performanceConfig`. */
    extra_body: fields,
  })
}

export type BedrockQuirks = z.infer<ReturnType<typeof createSchema>>

export const bedrockQuirks = z.lazy(() => z.exactPartial(createSchema()))

export const defaultBedrockQuirks: BedrockQuirks = {
  prefill: 'continue',
  cache_points: [],

  images: true,
  pdfs: true,
  media_in_results: false,

  tool_ids: 'openai',
  result_status: false,
  tool_choice_any: 'any',
  tool_choice_named: 'function',
  forced_while_thinking: 'allowed',
  strict_tools: false,

  thinks_by_default: false,
  thinking_on: {},
  thinking_off: {},
  effort_field: 'additionalModelRequestFields.reasoning_effort',
  efforts: [],
  budget_field: null,
  budget_range: [1024, 128_000],
  replay: 'signed',

  drop_params: ['top_k'],
  drop_params_thinking: [],
  one_of_sampling: false,
  top_k_field: 'additionalModelRequestFields.top_k',
  stop: 4,
  structured_output: 'none',
  extra_body: {},
}
