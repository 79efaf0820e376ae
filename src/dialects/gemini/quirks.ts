/**
 * How servers and models of `generateContent` differ. Data, not code: presets and the catalog set these
 * flags for a provider or a model. Flat in the catalog; grouped here for the reader.
 */
import * as z from 'zod/mini'

import { lazySchema } from '../../platform/lazy-schema.ts'
import { createSearchFlags } from '../shared/tools/search-quirks.ts'

/** Built at its first use: schemas are most of what a cold start evaluates. */
function createSchema() {
  const fields = z.record(z.string(), z.unknown())
  return z.strictObject({
    // Paths: where the methods of a model are.
    /** Path in front of a model's name, unless the name has a slash and is a path itself (Vertex AI: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference). */
    model_path: z.string(),
    /** Form of a `countTokens` body: the request inside `generateContentRequest` (https://ai.google.dev/api/tokens), or the request itself (Vertex AI). */
    count_body: z.enum(['wrapped', 'plain']),
    // Roles: turns, and how calls and responses are paired.
    /** What happens to a last assistant message (prefill): the model continues it, or a user turn asks to continue. */
    prefill: z.enum(['native', 'continue']),
    /** Function calls and their responses carry ids (https://ai.google.dev/api/caching#FunctionCall); if false, they are paired by name and order (Vertex AI). */
    call_ids: z.boolean(),
    /** A function call without its `thoughtSignature` is refused (Gemini 3 and later: https://ai.google.dev/gemini-api/docs/thought-signatures). */
    signed_calls: z.boolean(),
    // Media: images and documents. A model's own capabilities may restrict these flags, not extend them.
    /** The server accepts images (`inlineData`: https://ai.google.dev/gemini-api/docs/image-understanding). */
    images: z.boolean(),
    /** The server accepts PDFs (https://ai.google.dev/gemini-api/docs/document-processing). */
    pdfs: z.boolean(),
    /** The server fetches images and PDFs by URL. */
    media_urls: z.boolean(),
    /** Function responses may contain images and PDFs (Gemini 3 and later: https://ai.google.dev/gemini-api/docs/function-calling#multimodal); if false, these are sent next to them. */
    media_in_responses: z.boolean(),
    // Tools: their schemas, and structured output.
    /** The server accepts JSON Schema, in `parametersJsonSchema` and `responseJsonSchema` (https://ai.google.dev/api/caching#FunctionDeclaration); if false, a subset of OpenAPI's. */
    json_schemas: z.boolean(),
    /** The kind of structured output that the server supports; the system text asks for what is missing (https://ai.google.dev/gemini-api/docs/structured-output). */
    structured_output: z.enum(['json_schema', 'json_object', 'none']),
    /** Structured output is refused in a request with tools (models before Gemini 3: https://ai.google.dev/gemini-api/docs/structured-output). */
    plain_output_with_tools: z.boolean(),
    ...createSearchFlags(),
    // Thinking: the fields of `thinkingConfig` (https://ai.google.dev/gemini-api/docs/thinking).
    /** The model thinks if the request does not mention thinking. */
    thinks_by_default: z.boolean(),
    /** Fields of `thinkingConfig` that are sent when thinking is wanted. */
    thinking_on: fields,
    /** Fields of `thinkingConfig` that are sent when thinking is not wanted; null if it cannot be turned off, and the least effort is sent. */
    thinking_off: z.nullable(fields),
    /** The values of `thinkingLevel` that the model knows, the nearest is sent; empty if it has no such field (https://ai.google.dev/gemini-api/docs/thinking#levels). */
    efforts: z.array(z.enum(['minimal', 'low', 'medium', 'high', 'xhigh'])),
    /** Least and greatest `thinkingBudget` in tokens; null if the model has no such field (https://ai.google.dev/gemini-api/docs/thinking#set-budget). */
    budget_range: z.nullable(z.tuple([z.number(), z.number()])),
    // Parameters: sampling, stop sequences, and everything else in the body.
    /** Parameters that the model refuses, by their names in the client's request. */
    drop_params: z.array(z.enum(['temperature', 'top_p', 'top_k', 'stop_sequences'])),
    /** Fields merged into every request, last: `safetySettings`, `labels`, `cachedContent`. */
    extra_body: z.record(z.string(), z.unknown()),
  })
}

/** The quirks of a server of `generateContent`, with defaults filled in. */
export type GeminiQuirks = z.infer<ReturnType<typeof createSchema>>

/** The schema of those quirks in a preset or the catalog, all optional. */
export const geminiQuirks = lazySchema(() => z.exactPartial(createSchema()))

/** The flags of an unknown server that implements `generateContent`. */
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
  web_search: null,

  thinks_by_default: true,
  thinking_on: { includeThoughts: true },
  thinking_off: null,
  efforts: [],
  budget_range: null,

  drop_params: [],
  extra_body: {},
}
