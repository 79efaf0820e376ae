/**
 * How providers of the Responses API differ from OpenAI. Data, not code: presets and the catalog set
 * these flags for a provider or a model. Flat in the catalog; grouped here for the reader. A flag that
 * chat completions has too has the same name. The vendors named at a flag are evidence, not a list.
 */
import * as z from 'zod/mini'

import { lazySchema } from '../../platform/lazy-schema.ts'
import { createBodyFlags } from '../shared/conversation/body-quirks.ts'
import { createThinkingFlags } from '../shared/thinking/thinking-quirks.ts'
import { createFunctionFlags } from '../shared/tools/function-quirks.ts'
import { createSearchFlags } from '../shared/tools/search-quirks.ts'

/** Built at its first use: schemas are most of what a cold start evaluates. */
function createSchema() {
  return z.strictObject({
    // Roles: the places of texts and items.
    /**
     * The place of the leading system text: in the field `instructions`, or in a first message of that role
     * (https://platform.openai.com/docs/api-reference/responses/create).
     */
    system: z.enum(['instructions', 'system', 'developer']),
    /**
     * The place of a system message in the middle of the conversation: it stays there; it becomes a
     * `<system-reminder>` in the user's turn; or it is appended to the leading one, which changes the cached
     * prefix.
     */
    mid_system: z.enum(['inline', 'user_reminder', 'merge']),
    /** Items of the history are written as output items, with id and status (OpenRouter: https://openrouter.ai/docs/api-reference/responses); if false, as clients write them. */
    output_items: z.boolean(),
    /** The calls of one turn must be consecutive, with nothing between them (DeepSeek: `No tool output found`). */
    group_calls: z.boolean(),
    /** Assistant messages carry a `phase`, `commentary` or `final_answer` (gpt-5.3-codex, gpt-5.4 and later: https://platform.openai.com/docs/guides/latest-model). */
    phases: z.boolean(),
    // Media: images and documents. A model's own capabilities may restrict these flags, not extend them.
    /** The server accepts images (`input_image`: https://platform.openai.com/docs/guides/images-vision). */
    images: z.boolean(),
    /** The server fetches images by URL; false where only base64 is accepted (Ollama: https://docs.ollama.com/api/openai-compatibility). */
    image_urls: z.boolean(),
    /** The server accepts PDFs (`input_file`: https://platform.openai.com/docs/guides/pdf-files). */
    pdfs: z.boolean(),
    /** The server fetches PDFs by URL. */
    pdf_urls: z.boolean(),
    /** Outputs of calls may contain images and files; if false, they follow in a user message. */
    media_in_outputs: z.boolean(),
    // Tools: schemas, and the choice among them.
    /** How a request forces some tool: by the word `required`, or with `hint` in the system text (Ollama). */
    tool_choice_any: z.enum(['required', 'hint']),
    /** A tool can be forced while the model thinks; with `drop_force` the system text asks for it. */
    forced_while_thinking: z.enum(['allowed', 'drop_force']),
    ...createFunctionFlags(),
    ...createSearchFlags(),
    // Thinking: how a request turns it on and off, and how much of it there is.
    ...createThinkingFlags(),
    // Thinking in the history: how earlier reasoning is requested and sent back.
    /** The server returns encrypted reasoning when `include` asks for it (https://platform.openai.com/docs/guides/reasoning#encrypted-reasoning-items). */
    include_reasoning: z.boolean(),
    /**
     * The reasoning that is sent back: items with encrypted content; also plain text (DeepSeek, vLLM); or
     * none.
     */
    replay: z.enum(['encrypted', 'text', 'never']),
    /** Whose reasoning a model accepts: that of all models of the provider, or only its own (routers). */
    replay_scope: z.enum(['provider', 'model']),
    /** Whether, with `replay: text`, reasoning of other providers is sent too. */
    replay_foreign: z.boolean(),
    /** Reasoning items are sent back with the id they came with; false where unstored items are looked up by it and not found. */
    reasoning_ids: z.boolean(),
    // Parameters: limits, sampling, structured output, sessions, and everything else in the body.
    /** `store: false` is sent; false for servers that store nothing and refuse the field. */
    store_field: z.boolean(),
    /** The least `max_output_tokens` that the server accepts (OpenAI: 16). */
    min_output_tokens: z.int(),
    /** Parameters that the server refuses, by their upstream names (`top_k`, `temperature`, `service_tier`). */
    drop_params: z.array(z.string()),
    /** Parameters that the server refuses while the model thinks. */
    drop_params_thinking: z.array(z.string()),
    ...createBodyFlags(),
  })
}

/** The quirks of a server of the Responses API, with defaults filled in. */
export type ResponsesQuirks = z.infer<ReturnType<typeof createSchema>>

/** The schema of those quirks in a preset or the catalog, all optional. */
export const responsesQuirks = lazySchema(() => z.exactPartial(createSchema()))

/** The flags of an unknown server that implements the Responses API. */
export const defaultResponsesQuirks: ResponsesQuirks = {
  system: 'instructions',
  mid_system: 'user_reminder',
  output_items: false,
  group_calls: false,
  phases: false,

  images: true,
  image_urls: true,
  pdfs: true,
  pdf_urls: true,
  media_in_outputs: true,

  tool_choice_any: 'required',
  tool_choice_named: 'function',
  tool_choice_none: 'none',
  forced_while_thinking: 'allowed',
  parallel_tool_calls: 'when_disabled',
  strict_tools: false,
  simplify_schemas: false,
  drop_schema_keywords: [],
  web_search: null,

  thinks_by_default: false,
  thinking_on: { reasoning: { summary: 'auto' } },
  thinking_off: {},
  effort_field: 'reasoning.effort',
  efforts: ['low', 'medium', 'high'],
  budget_field: null,
  budget_range: [1, Number.MAX_SAFE_INTEGER],

  include_reasoning: true,
  replay: 'encrypted',
  replay_scope: 'model',
  replay_foreign: false,
  reasoning_ids: false,

  store_field: true,
  min_output_tokens: 1,
  drop_params: ['top_k', 'service_tier'],
  drop_params_thinking: [],
  structured_output: 'json_schema',
  strict_output: false,
  stream_only: false,
  session_fields: ['prompt_cache_key'],
  session_headers: [],
  extra_body: {},
  extra_body_with_tools: {},
}
