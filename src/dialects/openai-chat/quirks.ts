/**
 * In what a provider of chat completions differs from OpenAI. Data, not code: presets and the
 * catalogue set these flags per provider and per model. Names of vendors are evidence, not a list.
 */
import * as z from 'zod/mini'

import { createThinkingFlags } from '../shared/thinking/thinking-quirks.ts'

function createToolFlags() {
  return {
    /** Form of tool call ids: at most 40 characters; exactly 9 alphanumeric ones; `functions.name:0`. */
    tool_ids: z.enum(['openai', 'alnum9', 'kimi']),
    /** Tool messages name their tool (Gemini). */
    tool_result_names: z.boolean(),
    /** How "some tool" is said; `hint`: not at all, so the system text asks for it. */
    tool_choice_any: z.enum(['required', 'any', 'hint']),
    /** How "this tool" is said: by name; by offering no other and forcing any; by the system text. */
    tool_choice_named: z.enum(['function', 'only', 'hint']),
    /** How "no tool" is said: by word, or by offering none. */
    tool_choice_none: z.enum(['none', 'omit_tools']),
    /** What gives way when a tool is forced while the model thinks (DeepSeek, Kimi, Qwen refuse both). */
    forced_while_thinking: z.enum(['allowed', 'drop_thinking', 'drop_force']),
    /** When `parallel_tool_calls` is sent; `always`: true must be said to get any (Alibaba). */
    parallel_tool_calls: z.enum(['when_disabled', 'always', 'never']),
    /** Hands on `strict` where the client asked for it and the schema allows it. */
    strict_tools: z.boolean(),
    /** Leaves limits, long enums and deep nesting out of tool schemas (llama.cpp, LM Studio). */
    simplify_schemas: z.boolean(),
    /** Keywords that tool schemas may not contain. */
    drop_schema_keywords: z.array(z.string()),
    /** Whether the model may think in a request with tools (not gpt-5.4 and later on this endpoint). */
    thinking_with_tools: z.boolean(),
  }
}

/** Built at its first use: schemas are most of what a cold start evaluates. */
function createSchema() {
  const fields = z.record(z.string(), z.unknown())
  const parameter = z.enum(['temperature', 'top_p', 'top_k', 'stop'])

  return z.strictObject({
    // How answers are read.
    /** Reasoning comes as `<think>…</think>` inside the content. */
    think_tags: z.boolean(),
    /** The stream may end without a finish reason, and is complete all the same. */
    finish_optional: z.boolean(),
    /** `completion_tokens` leaves out reasoning tokens (xAI). */
    output_excludes_reasoning: z.boolean(),

    // Roles and turns.
    /** Role of the leading system message. `user` where there is none (o1-mini). */
    system_role: z.enum(['system', 'developer', 'user']),
    /**
     * A system message in the middle of the conversation: left where it is; put into the user's turn
     * as a `<system-reminder>`; or appended to the leading one, which rewrites the cached prefix.
     */
    mid_system: z.enum(['inline', 'user_reminder', 'merge']),
    /** Begins with a user turn, and no user turn follows tool results directly (Mistral, Gemma). */
    strict_alternation: z.boolean(),
    /** An answer that the client began: the upstream goes on with it, or is asked to by a user turn. */
    prefill: z.enum(['native', 'continue']),
    /** With native prefill, laid over the assistant message (`prefix: true`, `partial: true`). */
    prefill_message: fields,
    /** With native prefill, laid over the request (`continue_final_message: true`). */
    prefill_body: fields,
    /** Content of an assistant message that only calls tools; some servers refuse null (Workers AI). */
    empty_content: z.enum(['null', 'empty']),

    // Images and documents.
    /** The model's own `takes` may say less, not more. */
    images: z.boolean(),
    /** Images by URL; false where only base64 is taken (Ollama). */
    image_urls: z.boolean(),
    /** Images stay in the tool message; else they follow in a user message. */
    images_in_tool_results: z.boolean(),
    /** PDFs as a `file` part, as a `document_url` part (Mistral), or not at all. */
    pdfs: z.enum(['file', 'document_url', 'none']),
    /** PDFs by URL. */
    pdf_urls: z.boolean(),
    /**
     * Takes Anthropic's `cache_control` on parts of messages (OpenRouter, Databricks); `plain`: without
     * a `ttl` (Alibaba, MiniMax).
     */
    cache_control: z.union([z.boolean(), z.literal('plain')]),

    // Tools.
    ...createToolFlags(),

    // Thinking on the way in.
    ...createThinkingFlags(),

    // Thinking on the way back.
    /** Which assistant messages take their reasoning back. */
    replay: z.enum(['always', 'tool_calls', 'never']),
    /**
     * The field for reasoning whose own field is not known here. `think_tags`: for all of it, in front
     * of the content, whichever field it came in (Cerebras' GLM).
     */
    replay_field: z.enum(['reasoning_content', 'reasoning', 'reasoning_text', 'think_tags']),
    /** Whether reasoning of other providers is given too, as text. */
    replay_foreign: z.boolean(),
    /** Stands for lost reasoning beside tool calls, where some is insisted on; else null. */
    replay_lost: z.nullable(z.string()),
    /** Laid over the first tool call of a message whose calls have lost their state (Gemini 3). */
    call_state_lost: fields,

    // Parameters.
    /** The field that limits the length of the answer. */
    max_tokens_field: z.enum(['max_tokens', 'max_completion_tokens']),
    /** Parameters that are refused. Without `stop` the gateway enforces stop sequences. */
    drop_params: z.array(parameter),
    /** The same, only while the model thinks. */
    drop_params_thinking: z.array(parameter),
    /** How many stop sequences the upstream takes; the gateway enforces the rest, or all of them. */
    stop: z.union([z.int(), z.literal('gateway')]),
    /** What the upstream knows of structured output; what is missing the system text asks for. */
    structured_output: z.enum(['json_schema', 'json_object', 'none']),
    /** Asks for enforcement of schemas that allow it (`strict: true`). */
    strict_output: z.boolean(),
    /** Streams report usage only when asked, by `stream_options`. */
    stream_usage: z.boolean(),
    /** Answers in streams only. */
    stream_only: z.boolean(),
    /** Fields that take a stable key of the conversation (`prompt_cache_key`, `user`). */
    session_fields: z.array(z.string()),
    /** Headers that take it (`x-session-affinity`). */
    session_headers: z.array(z.string()),
    /**
     * How the server counts a prompt: as a chat completion that is only counted (llama.cpp); by
     * `/tokenize` (vLLM); as a request of Anthropic's own (SGLang, which has that protocol too).
     */
    count_tokens: z.enum(['none', 'input_tokens', 'tokenize', 'messages']),
    /** Laid over every request, last. */
    extra_body: fields,
    /** Laid over requests with tools. */
    extra_body_with_tools: fields,
  })
}

export type ChatQuirks = z.infer<ReturnType<typeof createSchema>>

export const chatQuirks = z.lazy(() => z.exactPartial(createSchema()))

/** A server of which nothing is known but that it speaks chat completions. */
export const defaultChatQuirks: ChatQuirks = {
  think_tags: false,
  finish_optional: false,
  output_excludes_reasoning: false,

  system_role: 'system',
  mid_system: 'user_reminder',
  strict_alternation: false,
  prefill: 'continue',
  prefill_message: {},
  prefill_body: {},
  empty_content: 'null',

  images: true,
  image_urls: true,
  images_in_tool_results: false,
  pdfs: 'file',
  pdf_urls: false,
  cache_control: false,

  tool_ids: 'openai',
  tool_result_names: false,
  tool_choice_any: 'required',
  tool_choice_named: 'function',
  tool_choice_none: 'none',
  forced_while_thinking: 'allowed',
  parallel_tool_calls: 'when_disabled',
  strict_tools: false,
  simplify_schemas: false,
  drop_schema_keywords: [],
  thinking_with_tools: true,

  thinks_by_default: false,
  thinking_on: {},
  thinking_off: {},
  effort_field: 'reasoning_effort',
  efforts: [],
  budget_field: null,
  budget_range: [1, Number.MAX_SAFE_INTEGER],

  replay: 'always',
  replay_field: 'reasoning_content',
  replay_foreign: false,
  replay_lost: null,
  call_state_lost: {},

  max_tokens_field: 'max_tokens',
  drop_params: ['top_k'],
  drop_params_thinking: [],
  stop: 4,
  structured_output: 'json_schema',
  strict_output: false,
  stream_usage: true,
  stream_only: false,
  session_fields: [],
  session_headers: [],
  count_tokens: 'none',
  extra_body: {},
  extra_body_with_tools: {},
}
