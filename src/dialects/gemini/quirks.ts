/**
 * In what servers and models of `generateContent` differ. Data, not code: presets and the catalogue
 * set these flags per provider and per model. The defaults are those of a server of which nothing is
 * known; what Google's own take is in the preset.
 */
import * as z from 'zod/mini'

/** Built at its first use: schemas are most of what a cold start evaluates. */
function createSchema() {
  const fields = z.record(z.string(), z.unknown())

  return z.strictObject({
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
    /** Takes images. */
    images: z.boolean(),
    /** Takes PDFs. */
    pdfs: z.boolean(),
    /** Fetches images and PDFs by URL. */
    media_urls: z.boolean(),
    /** Function responses hold images and PDFs (Gemini 3 and later); else they stand beside them. */
    media_in_responses: z.boolean(),

    // Tools and structured output.
    /** Takes JSON Schema, in `parametersJsonSchema` and `responseJsonSchema`; else a subset of OpenAPI's. */
    json_schemas: z.boolean(),
    /** What the server knows of structured output; what is missing the system text asks for. */
    structured_output: z.enum(['json_schema', 'json_object', 'none']),
    /** Structured output is refused in a request with tools (before Gemini 3). */
    plain_output_with_tools: z.boolean(),

    // Thinking. Fields are those of `thinkingConfig`.
    /** The model thinks when nothing is said. */
    thinks_by_default: z.boolean(),
    /** Sent when thinking is wanted. */
    thinking_on: fields,
    /** Sent when thinking is not wanted; null where it cannot be turned off, and the least effort is taken. */
    thinking_off: z.nullable(fields),
    /** The thinking levels that the model knows, the nearest is taken; empty where it has no such knob. */
    efforts: z.array(z.enum(['minimal', 'low', 'medium', 'high'])),
    /** Least and greatest thinking budget; null where the model has no such knob. */
    budget_range: z.nullable(z.tuple([z.number(), z.number()])),

    // Parameters.
    /** Parameters that are refused, by their names with the client. */
    drop_params: z.array(z.enum(['temperature', 'top_p', 'top_k', 'stop_sequences'])),
    /** Laid over every request, last: `safetySettings`, `labels`, `cachedContent`. */
    extra_body: fields,
  })
}

export type GeminiQuirks = z.infer<ReturnType<typeof createSchema>>

export const geminiQuirks = z.lazy(() => z.exactPartial(createSchema()))

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
  structured_output: 'json_schema',
  plain_output_with_tools: false,

  thinks_by_default: true,
  thinking_on: { includeThoughts: true },
  thinking_off: null,
  efforts: [],
  budget_range: null,

  drop_params: [],
  extra_body: {},
}
