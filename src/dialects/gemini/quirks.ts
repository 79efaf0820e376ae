/**
 * In what servers and models of `generateContent` differ. Data, not code: presets and the catalogue
 * set these flags per provider and per model. The defaults are those of a server of which nothing is
 * known; what Google's own take is in the preset.
 */
import * as z from 'zod/mini'

const fields = z.record(z.string(), z.unknown())

const schema = z.strictObject({
  // Paths.
  /** Stands before a model's name, unless that has a slash and says itself where the model is. */
  model_path: z.string(),
  /** What `countTokens` takes: the request inside `generateContentRequest`, or as it is (Vertex). */
  count_body: z.enum(['wrapped', 'plain']),

  // Turns.
  /** An answer that the client began: the model goes on with it, or is asked to by a user turn. */
  prefill: z.enum(['native', 'continue']),
  /** Function calls and their responses carry ids; else they are told apart by name and order (Vertex). */
  call_ids: z.boolean(),
  /** A function call without its `thoughtSignature` is refused (Gemini 3 and later). */
  signed_calls: z.boolean(),

  // Images and documents. The model's own `takes` may say less, not more.
  images: z.boolean(),
  pdfs: z.boolean(),
  /** Fetches images and PDFs by URL. */
  media_urls: z.boolean(),
  /** Function responses hold images and PDFs (Gemini 3 and later); else they stand beside them. */
  media_in_responses: z.boolean(),

  // Tools and structured output.
  /** Takes JSON Schema, in `parametersJsonSchema` and `responseJsonSchema`; else a subset of OpenAPI's. */
  json_schemas: z.boolean(),
  /** What the server knows of structured output; what is missing the system text asks for. */
  structured_output: z.enum(['schema', 'without_tools', 'none']),

  // Thinking.
  /** The model thinks, and tells its thoughts when asked to. */
  thoughts: z.boolean(),
  /** The levels that it knows, the nearest is taken; empty where it has none. */
  thinking_levels: z.array(z.enum(['minimal', 'low', 'medium', 'high'])),
  /** Least and greatest budget of a model that has one, in tokens; null for others. */
  thinking_budget: z.nullable(z.tuple([z.number(), z.number()])),
  /** The model can be kept from thinking, by a budget of 0. */
  thinking_off: z.boolean(),

  // Parameters.
  /** Parameters that are refused, by their names with the client. */
  drop_params: z.array(z.enum(['temperature', 'top_p', 'top_k', 'stop_sequences'])),
  /** Laid over every request, last: `safetySettings`, `labels`, `cachedContent`. */
  extra_body: fields,
})

export type GeminiQuirks = z.infer<typeof schema>

export const geminiQuirks = z.partial(schema)

export const defaultGeminiQuirks: GeminiQuirks = {
  model_path: '/models/',
  count_body: 'wrapped',

  prefill: 'continue',
  call_ids: false,
  signed_calls: false,

  images: true,
  pdfs: true,
  media_urls: false,
  media_in_responses: false,

  json_schemas: false,
  structured_output: 'schema',

  thoughts: true,
  thinking_levels: [],
  thinking_budget: null,
  thinking_off: false,

  drop_params: [],
  extra_body: {},
}
