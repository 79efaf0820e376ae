import { describe, expect, test } from 'vitest'

import { toOverflowMessage } from '../../../../src/dialects/shared/errors/overflow.ts'

function message(text: string, status?: number, knownLimit?: number): string | undefined {
  return toOverflowMessage({ text, status, knownLimit })
}

const tooLong = (used: number, limit: number) =>
  `prompt is too long: ${used} tokens > ${limit} maximum`

const withOutput = (input: number, output: number, limit: number) =>
  `input length and \`max_tokens\` exceed context limit: ${input} + ${output} > ${limit}, decrease input length or \`max_tokens\` and try again`

describe('a prompt that is too long', () => {
  test.each<[string, string, string]>([
    [
      'OpenAI',
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 204308 tokens. Please reduce the length of the messages.",
      tooLong(204308, 128000),
    ],
    [
      'OpenAI, newer',
      'Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300001 tokens. Please reduce the length of the messages.',
      tooLong(300001, 272000),
    ],
    [
      'DeepSeek',
      "This model's maximum context length is 1048565 tokens. However, you requested 1250025 tokens (1250025 in the messages, 0 in the completion). Please reduce the length of the messages or completion.",
      tooLong(1250025, 1048565),
    ],
    [
      'OpenRouter',
      "This endpoint's maximum context length is 200000 tokens. However, you requested about 2500021 tokens (2499000 of text input, 1000 of tool input, 21 in the output).",
      tooLong(2500021, 200000),
    ],
    [
      'Gemini',
      'The input token count (1250074) exceeds the maximum number of tokens allowed (1048576).',
      tooLong(1250074, 1048576),
    ],
    ['Anthropic', 'prompt is too long: 3333404 tokens > 200000 maximum', tooLong(3333404, 200000)],
    [
      'Mistral',
      'Prompt contains 140000 tokens and 0 draft tokens, too large for model with 131072 maximum context length',
      tooLong(140000, 131072),
    ],
    [
      'xAI',
      "This model's maximum prompt length is 131072 but the request contains 136973 tokens.",
      tooLong(136973, 131072),
    ],
    [
      'Fireworks',
      'The prompt is too long: 40177, model maximum context length: 32767',
      tooLong(40177, 32767),
    ],
    [
      'Cerebras',
      'Please reduce the length of the messages or completion. Current length is 42328 while limit is 40000',
      tooLong(42328, 40000),
    ],
    [
      'Kimi',
      'Your request exceeded model token limit : 262144 (requested: 300000)',
      tooLong(300000, 262144),
    ],
    ['Kimi, shorter', 'Your request exceeded model token limit : 262144', 'prompt is too long'],
    [
      'Alibaba',
      '<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 983616]',
      'prompt is too long',
    ],
    [
      'LM Studio',
      'Trying to keep the first 9000 tokens when context the overflows. However, the model is loaded with context length of only 8192 tokens, which is not enough.',
      tooLong(9000, 8192),
    ],
    [
      'LM Studio, newer',
      'Cannot truncate prompt with n_keep (n_keep: 9000>= n_ctx: 8192)',
      tooLong(9000, 8192),
    ],
    ['Copilot', 'prompt token count of 138898 exceeds the limit of 64000', tooLong(138898, 64000)],
    [
      'llama.cpp',
      'request (2009 tokens) exceeds the available context size (512 tokens), try increasing it',
      tooLong(2009, 512),
    ],
    [
      'SGLang',
      "The input (5000 tokens) is longer than the model's context length (4096 tokens).",
      tooLong(5000, 4096),
    ],
    [
      'a server on MLX',
      'Prompt too long: 32799 tokens exceeds max context window of 32768 tokens',
      tooLong(32799, 32768),
    ],
    [
      'a text with separators',
      "This model's maximum context length is 128,000 tokens. However, your messages resulted in 204,308 tokens.",
      tooLong(204308, 128000),
    ],
  ])('a prompt that is too long has Anthropic’s message: %s', (_, text, expected) => {
    expect(message(text, 400)).toBe(expected)
  })

  test.each([
    'Your input exceeds the context window of this model. Please adjust your input and try again.',
    'context_length_exceeded\nPlease reduce the length of the messages or completion.',
    'Input is too long for requested model.',
    'Input Tokens Exceeded: Number of input tokens exceeds maximum length.',
    '1261\nPrompt exceeds max length',
    'invalid params, context window exceeds limit (2013)',
    'The total length of all messages is too long.',
    'Input token length too long',
    'too_many_prompt_tokens',
    'The number of tokens to keep from the initial prompt is greater than the context length',
    'the input length exceeds the context length',
    'litellm.ContextWindowExceededError: too much',
    'Your context exceeds your deployment',
    'This is longer than the maximum model length',
    'You passed 9 tokens in request more than max tokens allowed',
    'but model only supports up to',
    'max_tokens must be at least 1, got -120.',
    'max_completion_tokens must be greater than 0 (got -5)',
  ])('a prompt that is too long has no token counts if the upstream reports none: %s', (text) => {
    expect(message(text, 400, 100_000)).toBe('prompt is too long')
    expect(message(text)).toBe('prompt is too long')
  })

  test.each([
    "The requested max_tokens (30000) exceeds this model's maximum context length of 16384 tokens.",
    'max_tokens is too large: 64000. This model supports at most 8192 completion tokens, whereas you provided 64000.',
    'tools.3.function.name: string too long, maximum length 64 characters, got 71',
  ])('a prompt that is too long is not mistaken for another limit: %s', (text) => {
    expect(message(text, 400)).toBeUndefined()
  })

  test('a prompt that is too long has the excess in tokens if that is all that is reported', () => {
    const text = 'prompt too long; exceeded max context length by 1119046 tokens (ref: 96164522)'
    expect(message(text, 400, 131_072)).toBe(tooLong(1_250_118, 131_072))
  })
})

describe('an output limit that is too large', () => {
  test.each<[string, string, string]>([
    [
      'Anthropic',
      'input length and `max_tokens` exceed context limit: 174167 + 64000 > 200000, decrease input length or `max_tokens` and try again',
      withOutput(174167, 64000, 200000),
    ],
    [
      'OpenAI of old',
      "This model's maximum context length is 4097 tokens. However, you requested 5000 tokens (4000 in the messages, 1000 in the completion). Please reduce the length of the messages or completion.",
      withOutput(4000, 1000, 4097),
    ],
    [
      'OpenRouter',
      "This endpoint's maximum context length is 200000 tokens. However, you requested about 250000 tokens (150000 of text input, 100000 in the output).",
      withOutput(150000, 100000, 200000),
    ],
    [
      'vLLM',
      "'max_tokens' or 'max_completion_tokens' is too large: 20000. This model's maximum context length is 4096 tokens and your request has 12 input tokens (20000 > 4096 - 12).",
      withOutput(12, 20000, 4096),
    ],
    [
      'vLLM, newer',
      "This model's maximum context length is 131072 tokens. However, you requested 16000 output tokens and your prompt contains at least 115073 input tokens, for a total of at least 131073 tokens.",
      withOutput(115073, 16000, 131072),
    ],
    [
      'SGLang',
      "Requested token count exceeds the model's maximum context length of 256000 tokens. You requested a total of 256878 tokens: 31216 tokens from the input messages and 225662 tokens for the completion.",
      withOutput(31216, 225662, 256000),
    ],
    [
      'TGI',
      'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8192. Given: 6204 `inputs` tokens and 2047 `max_new_tokens`',
      withOutput(6204, 2047, 8192),
    ],
  ])(
    'an output limit that is too large has the message on which clients reduce max_tokens: %s',
    (_, text, expected) => {
      expect(message(text, 422)).toBe(expected)
    },
  )
})

describe('a context overflow', () => {
  const text = 'prompt is too long'

  test.each([400, 413, 422, 200, undefined])('a context overflow has status %s', (status) => {
    expect(message(text, status)).toBeDefined()
  })

  test.each([401, 402, 403, 404, 429, 500, 503])(
    'a context overflow does not have status %s',
    (status) => {
      expect(message(text, status)).toBeUndefined()
    },
  )

  test.each([
    'Request too large for model on tokens per minute (TPM): Limit 6000, Requested 14810. Please reduce the length of the messages.',
    'rate_limit_exceeded: prompt is too long',
    'You exceeded your current quota; input token count exceeds the maximum',
    'policy_blocked: prompt is too long',
    'string too long. Expected a string with maximum length 40, context_length_exceeded',
    'max_completion_tokens is too large: 262144. This model supports at most 256000 completion tokens.',
    'Too many tokens, please wait before trying again.',
    'Invalid value for max_tokens',
  ])('a context overflow is not detected in %s', (other) => {
    expect(message(other, 400)).toBeUndefined()
  })
})
