/** Where the answer is right and differs from what the recording's `expected` says. File → why. */
import type { Answer } from './answers.ts'

export interface Deviation {
  why: string
  /** What differs; from the recording itself where it is long. */
  answer: Partial<Answer> | ((recording: string) => Partial<Answer>)
}

const blank =
  'Blank text before or between tool calls is no block: Anthropic refuses such blocks when they come back.'

const pieces =
  'Several choices are pieces of one answer, since the gateway never asks for alternatives; `expected` knows the first alone.'

export const deviations: Record<string, Deviation> = {
  'openai-chat/avian-fantasy-avian-kimi-multi-tool-streaming-testopenaicompatiblecommon.sse': {
    why: blank,
    answer: { text: " I'll add and multiply 2 and 3 for you at the same time.  " },
  },
  'openai-chat/databricks-chatlas-test-provider-databricks-test-databricks-empty-response.sse': {
    why: 'The answer is a line feed; the block that every answer has is left empty.',
    answer: { text: '' },
  },
  'openai-chat/doubleword-rig-prompt-caching-agent-loop.json': { why: blank, answer: { text: '' } },
  'openai-chat/openrouter-reqllm-z-ai-glm-4-5-air-object-streaming.sse': {
    why: blank,
    answer: { text: '' },
  },
  'openai-chat/zai-reqllm-glm-4-5-air-multi-tool.json': { why: blank, answer: { text: '' } },

  'openai-chat/openrouter-reqllm-minimax-minimax-m1-object-streaming.sse': {
    why: 'No finish reason and no content: a failure that may be retried, not an empty answer.',
    answer: { error: 'api_error', text: '', reasoning: '', tools: [], stop: '', usage: null },
  },
  'openai-chat/openai-ddpy-chat-completion-custom-tool-call.json': {
    why: 'Free text of a custom tool is wrapped, since input is an object.',
    answer: { tools: [{ name: 'math_exp', input: { input: '4 + 4' } }] },
  },
  'openai-chat/workers-ai-chatlas-test-provider-cloudflare-test-cloudflare-data-extraction-2.json':
    {
      why: 'Content that is an object is written without spaces.',
      answer: { text: '{"name":"Emily Wilson","age":32}' },
    },

  'openai-chat/github-copilot-codecompanion-copilot-tools-no-streaming.json': {
    why: pieces,
    answer: {
      tools: [{ name: 'weather', input: { location: 'London, UK', units: 'celsius' } }],
      stop: 'tool_use',
    },
  },
  ...Object.fromEntries(
    [
      'openai-chat/fireworks-llamastack-llama-v3p1-8b-instruct-e22f98c059.sse',
      'openai-chat/litellm-proxy-ddpy-completion-multiple-choices-proxy.json',
      'openai-chat/litellm-proxy-ddpy-completion-stream-multiple-choices-proxy.sse',
      'openai-chat/llamacpp-rig-response-shape-matrix-two-candidates-blocking.json',
      'openai-chat/mistral-rig-terminal-metadata-matrix-streaming-ministral-3b-roomy-plain-two.sse',
      'openai-chat/openai-ddjs-openai-chat-completions-post-6df851cc.sse',
      'openai-chat/openai-ddjs-openai-chat-completions-post-d8fb132a.json',
      'openai-chat/openai-otelpy-test-async-chat-completion-multiple-choices-streaming.sse',
      'openai-chat/openai-rig-chat-terminal-metadata-matrix-streaming-gpt-4-1-mini-roomy-plain-two.sse',
    ].map((file) => [file, { why: pieces, answer: allTexts }]),
  ),
}

/** The texts of all choices, in the order in which they came. */
function allTexts(recording: string): Partial<Answer> {
  const lines = recording.startsWith('{')
    ? [recording]
    : recording.split('\n').flatMap((line) => /^data: (\{.*)/.exec(line)?.[1] ?? [])
  const texts = lines.flatMap((line) => {
    const { choices } = JSON.parse(line) as { choices: Record<string, { content?: string }>[] }
    return choices.map(({ delta, message }) => (delta ?? message)?.content ?? '')
  })
  return { text: texts.join('') }
}

export interface ErrorDeviation {
  why: string
  status: number
  type: string
  /** Where it is not the one that `expected` found. */
  message?: string
}

const retired = 'The model is gone, whatever the status says.'

/** Errors whose status says one thing and whose words another. */
export const errorDeviations: Record<string, ErrorDeviation> = {
  'errors/azure-422-reqllm-mai-ds-r1-object-basic.json': {
    why: 'The details say what the message does not.',
    status: 400,
    type: 'invalid_request_error',
    message: 'azure: body.tool_choice: Input should be a valid string',
  },
  'errors/groq-400-reqllm-meta-llama-llama-4-scout-17b-16e-instruct-tool-round-trip-1.json': {
    why: 'The model wrote a bad tool call: not the fault of the client, and a retry is the remedy.',
    status: 502,
    type: 'api_error',
  },
  'errors/groq-400-reqllm2-llama-guard-3-8b-basic.json': {
    why: retired,
    status: 404,
    type: 'not_found_error',
  },
  'errors/groq-400-reqllm2-llama3-70b-8192-basic.json': {
    why: retired,
    status: 404,
    type: 'not_found_error',
  },
  'errors/groq-400-reqllm2-mistral-saba-24b-basic.json': {
    why: retired,
    status: 404,
    type: 'not_found_error',
  },
  'errors/openrouter-400-rig-response-identity-edge-routed-failure-error-shape.json': {
    why: 'An unknown model, sent as a 400.',
    status: 404,
    type: 'not_found_error',
  },
  'errors/openrouter-403-reqllm-x-ai-grok-3-mini-reasoning-basic.json': {
    why: 'A content policy refused the request, not the credential; account ids are hidden.',
    status: 400,
    type: 'invalid_request_error',
    message:
      'openrouter: Content violates usage guidelines. Team: [redacted], API key ID: [redacted], Model: grok-3-mini, Failed check: SAFETY_CHECK_TYPE_DATA_LEAKAGE',
  },
  'errors/openrouter-429-pydai-test-openrouter-errors-raised.json': {
    why: 'The cause is in metadata.raw, below a message that says nothing.',
    status: 429,
    type: 'rate_limit_error',
    message:
      'openrouter: google/gemini-2.0-flash-exp:free is temporarily rate-limited upstream. Please retry shortly, or add your own key to accumulate your rate limits: https://openrouter.ai/settings/integrations',
  },
}
