/** An upstream of each protocol that sends a given answer in its own protocol. */

/** What the upstream is to say. */
export interface Said {
  /** Hidden state comes with a thought, and must come back. */
  thought?: { text: string; state: string }
  text?: string
  calls?: readonly { name: string; input: object }[]
  /** Whether the calls are made only in a request that does not have the text yet. */
  callsOnce?: boolean
  /** The stop sequence that ended the text. */
  stoppedAt?: string
  /** Whether the model declines, unless the request has the output limit that it is not to decline at. */
  declinesUnless?: number
}

export interface Wire {
  dialect: string
  /** Of the catalog. */
  provider: object
  model: string
  /** Names of secrets. */
  secret: string
  /** A whole answer, of 100 input tokens of which 60 were cached. */
  answer: (said: Said) => object
  /** A count of 4711 tokens, where the protocol has one. */
  count?: object
}

const prompt = 100
const cached = 60
const output = 20
const counted = 4711

const chat: Wire = {
  dialect: 'openai-chat',
  provider: { preset: 'openrouter', base_url: 'http://up.test' },
  model: 'x-ai/grok-4.5',
  secret: 'OPENROUTER_API_KEY',
  answer: ({ thought, text, calls = [], declinesUnless }) => ({
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text ?? null,
          ...(thought && {
            reasoning: thought.text,
            reasoning_details: [
              { type: 'reasoning.text', text: thought.text, signature: thought.state },
            ],
          }),
          ...(calls.length > 0 && {
            tool_calls: calls.map(({ name, input }, index) => ({
              id: `call_${index}`,
              type: 'function',
              function: { name, arguments: JSON.stringify(input) },
            })),
          }),
        },
        finish_reason:
          declinesUnless !== undefined
            ? 'content_filter'
            : calls.length > 0
              ? 'tool_calls'
              : 'stop',
      },
    ],
    usage: {
      prompt_tokens: prompt,
      completion_tokens: output,
      prompt_tokens_details: { cached_tokens: cached },
    },
  }),
}

const responses: Wire = {
  dialect: 'openai-responses',
  provider: { preset: 'openai-responses', base_url: 'http://up.test' },
  model: 'gpt-5.6',
  secret: 'OPENAI_API_KEY',
  answer: ({ thought, text, calls = [], declinesUnless }) => ({
    object: 'response',
    ...(declinesUnless === undefined
      ? { status: 'completed' }
      : { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }),
    output: [
      ...(thought
        ? [
            {
              type: 'reasoning',
              id: 'rs_1',
              summary: [{ type: 'summary_text', text: thought.text }],
              encrypted_content: thought.state,
            },
          ]
        : []),
      ...(text === undefined
        ? []
        : [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }]),
      ...calls.map(({ name, input }, index) => ({
        type: 'function_call',
        call_id: `call_${index}`,
        name,
        arguments: JSON.stringify(input),
      })),
    ],
    usage: {
      input_tokens: prompt,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: output,
    },
  }),
  count: { object: 'response.input_tokens', input_tokens: counted },
}

const gemini: Wire = {
  dialect: 'gemini',
  provider: { preset: 'gemini', base_url: 'http://up.test' },
  model: 'gemini-3-flash-preview',
  secret: 'GEMINI_API_KEY',
  answer: ({ thought, text, calls = [], declinesUnless }) => ({
    candidates: [
      {
        index: 0,
        content: {
          role: 'model',
          parts: [
            ...(thought ? [{ text: thought.text, thought: true }] : []),
            ...(text === undefined ? [] : [{ text }]),
            ...calls.map(({ name, input: args }, index) => ({
              functionCall: { name, args },
              ...(thought && index === 0 && { thoughtSignature: thought.state }),
            })),
          ],
        },
        finishReason: declinesUnless === undefined ? 'STOP' : 'SAFETY',
      },
    ],
    usageMetadata: {
      promptTokenCount: prompt,
      cachedContentTokenCount: cached,
      candidatesTokenCount: output,
    },
  }),
  count: { totalTokens: counted },
}

const bedrock: Wire = {
  dialect: 'bedrock',
  provider: { preset: 'bedrock', base_url: 'http://up.test', stream_plain: false },
  model: 'us.anthropic.claude-sonnet-4-6',
  secret: 'AWS_BEARER_TOKEN_BEDROCK',
  answer: ({ thought, text, calls = [], stoppedAt, declinesUnless }) => ({
    output: {
      message: {
        role: 'assistant',
        content: [
          ...(thought
            ? [
                {
                  reasoningContent: {
                    reasoningText: { text: thought.text, signature: thought.state },
                  },
                },
              ]
            : []),
          ...(text === undefined ? [] : [{ text }]),
          ...calls.map(({ name, input }, index) => ({
            toolUse: { toolUseId: `tooluse_${index}`, name, input },
          })),
        ],
      },
    },
    stopReason:
      declinesUnless !== undefined
        ? 'content_filtered'
        : calls.length > 0
          ? 'tool_use'
          : stoppedAt === undefined
            ? 'end_turn'
            : 'stop_sequence',
    ...(stoppedAt !== undefined && {
      additionalModelResponseFields: { stop_sequence: stoppedAt },
    }),
    usage: {
      inputTokens: prompt - cached,
      outputTokens: output,
      cacheReadInputTokens: cached,
      cacheWriteInputTokens: 0,
    },
  }),
}

const anthropic: Wire = {
  dialect: 'anthropic',
  provider: { preset: 'anthropic', base_url: 'http://up.test' },
  model: 'claude-sonnet-4-6',
  secret: 'ANTHROPIC_API_KEY',
  answer: ({ thought, text, calls = [], stoppedAt }) => ({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-6',
    content: [
      ...(thought ? [{ type: 'thinking', thinking: thought.text, signature: thought.state }] : []),
      ...(text === undefined ? [] : [{ type: 'text', text }]),
      ...calls.map(({ name, input }, index) => ({
        type: 'tool_use',
        id: `toolu_${index}`,
        name,
        input,
      })),
    ],
    stop_reason:
      calls.length > 0 ? 'tool_use' : stoppedAt === undefined ? 'end_turn' : 'stop_sequence',
    stop_sequence: stoppedAt ?? null,
    usage: {
      input_tokens: prompt - cached,
      output_tokens: output,
      cache_read_input_tokens: cached,
      cache_creation_input_tokens: 0,
    },
  }),
  count: { input_tokens: counted },
}

/** In the order of the table. */
export const wires: readonly Wire[] = [chat, responses, gemini, bedrock, anthropic]
