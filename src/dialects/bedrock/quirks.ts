/**
 * How models behind `Converse` differ. Data, not code: presets and the catalog set these flags for a
 * provider or a model. Flat in the catalog; grouped here for the reader.
 */
import * as z from 'zod/mini'

import { lazySchema } from '../../platform/lazy-schema.ts'
import { createThinkingFlags } from '../shared/thinking/thinking-quirks.ts'

/** Built at its first use: schemas are most of what a cold start evaluates. */
function createSchema() {
  return z.strictObject({
    // Roles: turns and cache points.
    /** What happens to a last assistant message (prefill): the model continues it, or a user turn asks to continue. */
    prefill: z.enum(['native', 'continue']),
    /**
     * The places in which the model accepts a `cachePoint`; empty if it caches by itself or not at all
     * (https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html).
     */
    cache_points: z.array(z.enum(['system', 'messages', 'tools'])),
    // Media: images and documents. A model's own capabilities may restrict these flags, not extend them.
    /** The model accepts images (https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-supported-models-features.html). */
    images: z.boolean(),
    /** The model accepts PDFs as `document` blocks (https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-supported-models-features.html). */
    pdfs: z.boolean(),
    /** Tool results may contain images and documents; if false, these are sent next to the results. */
    media_in_results: z.boolean(),
    // Tools: ids, results, and the choice among tools.
    /** Form of tool use ids: at most 40 characters, or exactly 9 alphanumeric ones (Mistral). */
    tool_ids: z.enum(['openai', 'alnum9']),
    /** A failed result has `status: "error"` (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolResultBlock.html); if false, its text begins with a note. */
    result_status: z.boolean(),
    /** How a request forces some tool: by `any`, or with `hint` in the system text (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolChoice.html). */
    tool_choice_any: z.enum(['any', 'hint']),
    /** How a request forces one tool: by name; by offering only that one and forcing any; or in the system text. */
    tool_choice_named: z.enum(['function', 'only', 'hint']),
    /**
     * The setting that wins if a tool is forced while the model thinks (Claude:
     * https://docs.claude.com/en/docs/build-with-claude/extended-thinking#extended-thinking-with-tool-use).
     */
    forced_while_thinking: z.enum(['allowed', 'drop_thinking', 'drop_force']),
    /** `strict` is sent if the client asked for it and the schema allows it. */
    strict_tools: z.boolean(),
    // Thinking: how a request turns it on and off, and how much of it there is.
    ...createThinkingFlags(),
    // Thinking in the history: how earlier reasoning is sent back.
    /** The model takes `thinking.display`, whether its reasoning is shown or omitted (https://docs.claude.com/en/docs/build-with-claude/adaptive-thinking). */
    thinking_display: z.boolean(),
    /**
     * The part of its own reasoning that is returned to the model: all, signed reasoning, or none
     * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ReasoningContentBlock.html).
     */
    replay: z.enum(['always', 'signed', 'never']),
    // Parameters: sampling, stop sequences, structured output, and everything else in the body.
    /** Parameters that the model refuses, by their names in the client's request. */
    drop_params: z.array(z.enum(['temperature', 'top_p', 'top_k'])),
    /** Parameters that the model refuses while it thinks, by their names in the client's request. */
    drop_params_thinking: z.array(z.enum(['temperature', 'top_p', 'top_k'])),
    /** The model accepts a temperature or `top_p`, not both: the temperature is sent (`temperature and top_p cannot both be specified`). */
    one_of_sampling: z.boolean(),
    /** Dotted path of `top_k`, which Converse has no field for. */
    top_k_field: z.string(),
    /** Number of stop sequences that the model accepts; the gateway enforces the rest. */
    stop: z.int(),
    /** The kind of structured output that the model supports; the system text asks for what is missing (https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html). */
    structured_output: z.enum(['json_schema', 'none']),
    /** Fields merged into every request, last: `guardrailConfig`, `requestMetadata`, `performanceConfig`. */
    extra_body: z.record(z.string(), z.unknown()),
  })
}

/** The quirks of a model behind `Converse`, with defaults filled in. */
export type BedrockQuirks = z.infer<ReturnType<typeof createSchema>>

/** The schema of those quirks in a preset or the catalog, all optional. */
export const bedrockQuirks = lazySchema(() => z.exactPartial(createSchema()))

/** The flags of an unknown model behind `Converse`. */
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
  thinking_display: false,
  replay: 'signed',

  drop_params: ['top_k'],
  drop_params_thinking: [],
  one_of_sampling: false,
  top_k_field: 'additionalModelRequestFields.top_k',
  stop: 4,
  structured_output: 'none',
  extra_body: {},
}
