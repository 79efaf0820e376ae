/** The models among which a conversation may change: each home of reasoning, and each rule about it. */
import { anthropicStation } from './anthropic.ts'
import { bedrockStation } from './bedrock.ts'
import { chatStation } from './chat.ts'
import { geminiStation } from './gemini.ts'
import { responsesStation } from './responses.ts'
import type { Station } from './station.ts'

export const stations: readonly Station[] = [
  anthropicStation({ preset: 'anthropic', model: 'claude-sonnet-4-5' }),
  chatStation({
    preset: 'deepseek',
    model: 'deepseek-v4-pro',
    takesImages: false,
    home: 'reasoning_content',
    foreign: 'reasoning_content',
    besideCallsOnly: true,
    lost: '',
  }),
  chatStation({
    preset: 'kimi',
    model: 'kimi-k2.6',
    home: 'reasoning_content',
    foreign: 'reasoning_content',
    lost: ' ',
    ids: /^functions\.Look:\d+$/,
  }),
  chatStation({
    preset: 'openrouter',
    model: 'anthropic/claude-opus-4.5',
    home: 'reasoning_details',
    relative: 'reasoning',
  }),
  chatStation({
    preset: 'openrouter',
    model: 'openai/gpt-5.6',
    home: 'reasoning_details',
    relative: 'reasoning',
  }),
  chatStation({
    preset: 'mistral',
    model: 'magistral-medium-latest',
    home: 'content',
    ids: /^[a-zA-Z0-9]{9}$/,
  }),
  chatStation({
    preset: 'gemini-compat',
    model: 'gemini-3-pro',
    isSilent: true,
    home: 'extra_content',
  }),
  chatStation({ preset: 'ollama', model: 'qwen3', home: 'reasoning' }),
  chatStation({ preset: 'cerebras', model: 'zai-glm-4.7', home: 'think_tags' }),
  responsesStation({ preset: 'openai-responses', model: 'gpt-5.6', scope: 'provider' }),
  responsesStation({ preset: 'openai-responses', model: 'gpt-5.4', scope: 'provider' }),
  responsesStation({ preset: 'xai', model: 'grok-4.5', scope: 'provider' }),
  responsesStation({ preset: 'openrouter-responses', model: 'openai/gpt-5.6' }),
  responsesStation({ preset: 'openrouter-responses', model: 'x-ai/grok-4.5' }),
  responsesStation({
    preset: 'deepseek-responses',
    model: 'deepseek-v4-pro',
    scope: 'provider',
    takesImages: false,
    isPlain: true,
  }),
  geminiStation({ preset: 'gemini', model: 'gemini-3-pro-preview', signs: true, ids: true }),
  geminiStation({ preset: 'gemini', model: 'gemini-3-flash-preview', signs: true, ids: true }),
  geminiStation({ preset: 'gemini', model: 'gemini-2.5-flash', signs: false, ids: false }),
  bedrockStation({ preset: 'bedrock', model: 'us.anthropic.claude-sonnet-4-6' }),
  bedrockStation({ preset: 'bedrock', model: 'us.amazon.nova-2-lite-v1:0' }),
]
