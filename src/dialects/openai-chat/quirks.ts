/**
 * How providers of chat completions differ from OpenAI. Data, not code: presets and the catalog set
 * these flags for a provider or a model. Flat in the catalog; grouped here for the reader. The vendors
 * named at a flag are evidence, not a list.
 */
import * as z from 'zod/mini'

import { lazySchema } from '../../platform/lazy-schema.ts'
import { createBodyFlags } from '../shared/conversation/body-quirks.ts'
import { createThinkingFlags } from '../shared/thinking/thinking-quirks.ts'
import { createFunctionFlags } from '../shared/tools/function-quirks.ts'
import { createSearchFlags } from '../shared/tools/search-quirks.ts'

/** Built at its first use: schemas are most of what a cold start evaluates. */
function createSchema() {
  const parameter = z.enum(['temperature', 'top_p', 'top_k', 'stop'])
  return z.strictObject({
    // Reading: how answers are written.
    /** Reasoning is written as `<think>…</think>` inside the content (vLLM without `--reasoning-parser`: https://docs.vllm.ai/en/latest/features/reasoning_outputs.html). */
    think_tags: z.boolean(),
    /** A stream is complete even if it ends without a `finish_reason`, unless the connection breaks. */
    finish_optional: z.boolean(),
    /** `usage.completion_tokens` excludes reasoning tokens (xAI: https://docs.x.ai/docs/guides/reasoning). */
    output_excludes_reasoning: z.boolean(),
    // Roles: the roles of messages, and their order.
    /** Role of the leading system message; `user` for models without a system role (o1-mini: https://platform.openai.com/docs/guides/reasoning). */
    system_role: z.enum(['system', 'developer', 'user']),
    /**
     * The place of a system message in the middle of the conversation: it stays there; it becomes a
     * `<system-reminder>` in the user's turn; or it is appended to the leading one, which changes the cached
     * prefix.
     */
    mid_system: z.enum(['inline', 'user_reminder', 'merge']),
    /** The conversation starts with a user turn, and no user turn follows tool results directly (Mistral: `Unexpected role 'user' after role 'tool'`; Gemma's chat template). */
    strict_alternation: z.boolean(),
    /** What happens to a last assistant message (prefill): the model continues it, or a user turn asks to continue. */
    prefill: z.enum(['native', 'continue']),
    /** Fields merged into the prefilled assistant message when `prefill` is `native` (Mistral `prefix: true`: https://docs.mistral.ai/capabilities/completion; Kimi `partial: true`: https://platform.moonshot.ai/docs/api/partial). */
    prefill_message: z.record(z.string(), z.unknown()),
    /** Fields merged into the request when `prefill` is `native` (vLLM `continue_final_message: true`: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html). */
    prefill_body: z.record(z.string(), z.unknown()),
    /** Content of an assistant message that only calls tools: null, or an empty string where null is refused (Workers AI: https://developers.cloudflare.com/workers-ai/features/function-calling). */
    empty_content: z.enum(['null', 'empty']),
    // Media: images, documents and cache marks. A model's own capabilities may restrict these flags, not extend them.
    /** The server accepts images (`image_url` parts: https://platform.openai.com/docs/guides/images-vision). */
    images: z.boolean(),
    /** The server fetches images by URL; false where only base64 is accepted (Ollama: https://docs.ollama.com/api/openai-compatibility). */
    image_urls: z.boolean(),
    /** Tool messages may contain images; if false, images follow in a user message. */
    images_in_tool_results: z.boolean(),
    /** How PDFs are sent: as a `file` part (https://platform.openai.com/docs/guides/pdf-files), as a `document_url` part (Mistral: https://docs.mistral.ai/capabilities/document_ai/document_qna), or not at all. */
    pdfs: z.enum(['file', 'document_url', 'none']),
    /** The server fetches PDFs by URL (OpenRouter: https://openrouter.ai/docs/features/multimodal/pdfs). */
    pdf_urls: z.boolean(),
    /** Message parts may carry Anthropic's `cache_control` (OpenRouter: https://openrouter.ai/docs/features/prompt-caching); `plain`: without a `ttl` (Alibaba: https://www.alibabacloud.com/help/en/model-studio/context-cache). */
    cache_control: z.union([z.boolean(), z.literal('plain')]),
    // Tools: ids, names, schemas, and the choice among them.
    /** Form of tool call ids: at most 40 characters (OpenAI), exactly 9 alphanumeric ones (Mistral), or `functions.name:0` (Kimi: https://huggingface.co/moonshotai/Kimi-K2-Instruct/blob/main/docs/tool_call_guidance.md). */
    tool_ids: z.enum(['openai', 'alnum9', 'kimi']),
    /**
     * The first character that a tool name may have: any of `[a-zA-Z0-9_-]`, or a letter only (Kimi:
     * `function name is invalid, must start with a letter`).
     */
    tool_names: z.enum(['any_first', 'letter_first']),
    /** Tool messages carry the tool's `name` (Gemini: https://ai.google.dev/gemini-api/docs/openai). */
    tool_result_names: z.boolean(),
    /** How a request forces some tool: by that value, or with `hint` in the system text. */
    tool_choice_any: z.enum(['required', 'any', 'hint']),
    /**
     * The setting that wins if a tool is forced while the model thinks (DeepSeek, Kimi and Qwen refuse both
     * together: https://www.alibabacloud.com/help/en/model-studio/deep-thinking).
     */
    forced_while_thinking: z.enum(['allowed', 'drop_thinking', 'drop_force']),
    /** The form of tool schemas: JSON Schema, or Moonshot's dialect of it, without `type` next to `anyOf` and without keywords next to `$ref` (https://github.com/MoonshotAI/walle). */
    schema_form: z.enum(['json_schema', 'mfjs']),
    /** The model can think in a request with tools; false for gpt-5.4 and later on this endpoint (https://platform.openai.com/docs/guides/reasoning). */
    thinking_with_tools: z.boolean(),
    ...createFunctionFlags(),
    ...createSearchFlags(),
    // Thinking: how a request turns it on and off, and how much of it there is.
    ...createThinkingFlags(),
    // Thinking in the history: how earlier reasoning is sent back to the server.
    /**
     * The assistant messages that carry their reasoning back (DeepSeek and Kimi: with tool calls:
     * https://api-docs.deepseek.com/guides/thinking_mode).
     */
    replay: z.enum(['always', 'tool_calls', 'never']),
    /**
     * The field for reasoning whose original field this server does not know. `think_tags`: all reasoning,
     * in front of the content (Cerebras' GLM: https://inference-docs.cerebras.ai/capabilities/reasoning).
     */
    replay_field: z.enum(['reasoning_content', 'reasoning', 'reasoning_text', 'think_tags']),
    /** Reasoning of other providers is sent too, as text. */
    replay_foreign: z.boolean(),
    /** Text sent in place of missing reasoning with tool calls, for servers that require some; null if it is not required. */
    replay_lost: z.nullable(z.string()),
    /** Fields merged into the first tool call of a message whose calls have lost their signature (Gemini 3: https://ai.google.dev/gemini-api/docs/thought-signatures). */
    call_state_lost: z.record(z.string(), z.unknown()),
    // Parameters: limits, sampling, structured output, sessions, and everything else in the body.
    /** The field for the output limit (`max_completion_tokens` for OpenAI's reasoning models: https://platform.openai.com/docs/api-reference/chat/create). */
    max_tokens_field: z.enum(['max_tokens', 'max_completion_tokens']),
    /** Parameters that the server refuses. If `stop` is among them, the gateway enforces stop sequences. */
    drop_params: z.array(parameter),
    /** Parameters that the server refuses while the model thinks. */
    drop_params_thinking: z.array(parameter),
    /** Number of stop sequences that the server accepts; the gateway enforces the rest. `gateway`: it enforces all of them. */
    stop: z.union([z.int(), z.literal('gateway')]),
    /** Streams report usage only if `stream_options.include_usage` asks for it (https://platform.openai.com/docs/api-reference/chat/create#chat_create-stream_options). */
    stream_usage: z.boolean(),
    /**
     * How the server counts the tokens of a prompt: not at all; at `/chat/completions/input_tokens`
     * (llama.cpp); at `/tokenize` (vLLM); or at Anthropic's own path (SGLang).
     */
    count_tokens: z.enum(['none', 'input_tokens', 'tokenize', 'messages']),
    ...createBodyFlags(),
  })
}

/** The quirks of a server of chat completions, with defaults filled in. */
export type ChatQuirks = z.infer<ReturnType<typeof createSchema>>

/** The schema of those quirks in a preset or the catalog, all optional. */
export const chatQuirks = lazySchema(() => z.exactPartial(createSchema()))

/** The flags that define how a server takes thinking; a catalog that sets one of them gets no assumptions. */
const thinkingFlags = [
  'thinking_on',
  'thinking_off',
  'efforts',
  'effort_field',
  'budget_field',
] as const satisfies readonly (keyof ChatQuirks)[]

/**
 * The flags of a server without a preset, given those that the catalog sets: an effort is sent,
 * since vLLM, SGLang and most others accept it; if it is rejected, the request is repaired.
 */
export function unknownServerQuirks(stated: Partial<ChatQuirks>): Partial<ChatQuirks> {
  const isStated = thinkingFlags.some((flag) => flag in stated)
  return isStated ? {} : { efforts: ['low', 'medium', 'high'] }
}

/** The flags that apply if neither a preset nor the catalog sets others. */
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
  web_search: null,
  thinking_with_tools: true,
  tool_names: 'any_first',
  schema_form: 'json_schema',

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
