/**
 * In what a provider of the Responses API differs from OpenAI. Data, not code: presets and the
 * catalogue set these flags per provider and per model. Where chat completions has the same flag, it
 * has the same name. Names of vendors are evidence, not a list.
 */
import * as z from 'zod/mini'

import { createThinkingFlags } from '../shared/thinking/thinking-quirks.ts'

/** Built at its first use: schemas are most of what a cold start evaluates. */
function createSchema() {
  const fields = z.record(z.string(), z.unknown())

  return z.strictObject({
    // Roles and items.
    /** Where the leading system text goes: a field of its own, or the first message. */
    system: z.enum(['instructions', 'system', 'developer']),
    /**
     * A system message in the middle of the conversation: left where it is; put into the user's turn
     * as a `<system-reminder>`; or appended to the leading one, which rewrites the cached prefix.
     */
    mid_system: z.enum(['inline', 'user_reminder', 'merge']),
    /**
     * Items of the history are output items, with id and status, as the API itself would hand them out
     * (OpenRouter); else as clients write them.
     */
    output_items: z.boolean(),
    /** Nothing may stand between the calls of one turn (DeepSeek: `No tool output found`). */
    group_calls: z.boolean(),
    /** The model tells comments from final answers, and wants to be told (gpt-5.3-codex, gpt-5.4 on). */
    phases: z.boolean(),

    // Images and documents. The model's own `takes` may say less, not more.
    /** Takes images. */
    images: z.boolean(),
    /** Images by URL; false where only base64 is taken (Ollama). */
    image_urls: z.boolean(),
    /** Takes PDFs. */
    pdfs: z.boolean(),
    /** PDFs by URL. */
    pdf_urls: z.boolean(),
    /** Outputs of calls hold images and files; else these follow in a user message. */
    media_in_outputs: z.boolean(),

    // Tools.
    /** How "some tool" is said; `hint`: not at all, so the system text asks for it (Ollama). */
    tool_choice_any: z.enum(['required', 'hint']),
    /** How "this tool" is said: by name; by offering no other and forcing any; by the system text. */
    tool_choice_named: z.enum(['function', 'only', 'hint']),
    /** How "no tool" is said: by word, or by offering none. */
    tool_choice_none: z.enum(['none', 'omit_tools']),
    /** Whether a tool can be forced while the model thinks; else the system text asks for it. */
    forced_while_thinking: z.enum(['allowed', 'drop_force']),
    /** When `parallel_tool_calls` is sent. */
    parallel_tool_calls: z.enum(['when_disabled', 'always', 'never']),
    /** Hands on `strict` where the client asked for it and the schema allows it. */
    strict_tools: z.boolean(),
    /** Leaves limits, long enums and deep nesting out of tool schemas (LM Studio). */
    simplify_schemas: z.boolean(),
    /** Keywords that tool schemas may not contain. */
    drop_schema_keywords: z.array(z.string()),

    // Thinking on the way in.
    ...createThinkingFlags(),

    // Thinking on the way back.
    /** Hands its reasoning out encrypted when asked to (`include`). */
    include_reasoning: z.boolean(),
    /**
     * Which reasoning goes back: items with encrypted content; also what was said in plain text
     * (DeepSeek, vLLM); or none.
     */
    replay: z.enum(['encrypted', 'text', 'never']),
    /** Whose reasoning a model takes: that of all models of the provider, or its own (routers). */
    replay_scope: z.enum(['provider', 'model']),
    /** With `text`, whether reasoning of others is given too. */
    replay_foreign: z.boolean(),
    /** Reasoning items go back with the id they came with. Stored nowhere, they are not found by it. */
    reasoning_ids: z.boolean(),

    // Parameters.
    /** Takes `store: false`; not sent where nothing is stored anyway and the field is refused. */
    store_field: z.boolean(),
    /** The least that `max_output_tokens` may be. */
    min_output_tokens: z.int(),
    /** Parameters that are refused, by their name upstream (`top_k`, `temperature`, `service_tier`). */
    drop_params: z.array(z.string()),
    /** The same, only while the model thinks. */
    drop_params_thinking: z.array(z.string()),
    /** What the upstream knows of structured output; what is missing the system text asks for. */
    structured_output: z.enum(['json_schema', 'json_object', 'none']),
    /** Asks for enforcement of schemas that allow it (`strict: true`). */
    strict_output: z.boolean(),
    /** Answers in streams only. */
    stream_only: z.boolean(),
    /** Fields that take a stable key of the conversation. */
    session_fields: z.array(z.string()),
    /** Headers that take it. */
    session_headers: z.array(z.string()),
    /** Laid over every request, last. */
    extra_body: fields,
    /** Laid over requests with tools. */
    extra_body_with_tools: fields,
  })
}

export type ResponsesQuirks = z.infer<ReturnType<typeof createSchema>>

export const responsesQuirks = z.lazy(() => z.exactPartial(createSchema()))

/** A server of which nothing is known but that it speaks the Responses API. */
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
