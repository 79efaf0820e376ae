/** The flags for tools of dialects in which vendors differ: both of OpenAI's. */
import * as z from 'zod/mini'

/** Tools: their schemas, and the choice among them. */
export function createFunctionFlags() {
  return {
    /** How a request forces one tool: by name; by offering only that one and forcing any; or in the system text. */
    tool_choice_named: z.enum(['function', 'only', 'hint']),
    /** How a request forbids tools: by the word `none`, or by offering no tools. */
    tool_choice_none: z.enum(['none', 'omit_tools']),
    /** When `parallel_tool_calls` is sent: if the client disabled it; always, since true is needed for parallel calls (Alibaba: https://www.alibabacloud.com/help/en/model-studio/qwen-function-calling); or never. */
    parallel_tool_calls: z.enum(['when_disabled', 'always', 'never']),
    /** `strict` is sent if the client asked for it and the schema allows it (https://platform.openai.com/docs/guides/function-calling#strict-mode). */
    strict_tools: z.boolean(),
    /** Limits, long enums and deep nesting are removed from tool schemas, for servers that compile them into a grammar (llama.cpp: https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md; LM Studio). */
    simplify_schemas: z.boolean(),
    /** JSON Schema keywords that tool schemas must not contain. */
    drop_schema_keywords: z.array(z.string()),
  }
}

type Flags = ReturnType<typeof createFunctionFlags>

/** The tool quirks, with defaults filled in. */
export type FunctionQuirks = { [Name in keyof Flags]: z.infer<Flags[Name]> }
