import { describe, expect, test } from 'vitest'

import { bodyOf } from '../support/translate.ts'

const off = { thinking: { type: 'disabled' } }
const max = { thinking: { type: 'adaptive' }, output_config: { effort: 'max' } }
const tools = [{ name: 'a', input_schema: { type: 'object' } }]

const common = new Set([
  'model',
  'messages',
  'max_tokens',
  'max_completion_tokens',
  'stream_options',
])

/** The fields of a vendor's request beyond those of every request. */
function fieldsFor(preset: string, model: string, fields: object): Record<string, unknown> {
  const body = Object.entries(bodyOf(fields, { preset, model }))
  return Object.fromEntries(body.filter(([key]) => !common.has(key)))
}

const kwargs = (enabled: boolean) => ({
  chat_template_kwargs: { enable_thinking: enabled, thinking: enabled },
})

describe('the thinking level of a preset', () => {
  test.each([
    ['azure', 'o4-mini', { reasoning_effort: 'low' }, { reasoning_effort: 'high' }],
    ['azure', 'DeepSeek-R1-0528', {}, {}],
    ['mistral', 'mistral-large-latest', {}, {}],
    ['mistral', 'magistral-medium-latest', {}, { prompt_mode: 'reasoning' }],
    [
      'groq',
      'qwen/qwen3-32b',
      { reasoning_effort: 'none', reasoning_format: 'parsed' },
      { reasoning_effort: 'default', reasoning_format: 'parsed' },
    ],
    ['groq', 'llama-3.3-70b-versatile', {}, {}],
    ['xai-chat', 'grok-3-mini', { reasoning_effort: 'low' }, { reasoning_effort: 'high' }],
    ['xai-chat', 'grok-4-0709', {}, {}],
    ['xai-chat', 'grok-4.3', { reasoning_effort: 'none' }, { reasoning_effort: 'high' }],
    ['xai-chat', 'grok-4.6', { reasoning_effort: 'low' }, { reasoning_effort: 'xhigh' }],
    ['together', 'openai/gpt-oss-20b', { reasoning_effort: 'low' }, { reasoning_effort: 'high' }],
    ['cerebras', 'gpt-oss-120b', { reasoning_effort: 'none' }, { reasoning_effort: 'high' }],
    ['kimi', 'kimi-k3', { reasoning_effort: 'low' }, { reasoning_effort: 'max' }],
    ['kimi', 'kimi-k2-0905-preview', {}, {}],
    ['zai', 'glm-5.3', { reasoning_effort: 'low' }, { reasoning_effort: 'max' }],
    ['zai', 'glm-4.7', { thinking: { type: 'disabled' } }, {}],
    [
      'alibaba',
      'deepseek-v4-pro',
      { stream: true, enable_thinking: false },
      { reasoning_effort: 'max' },
    ],
    ['minimax', 'MiniMax-M2.5', { reasoning_split: true }, { reasoning_split: true }],
    ['cohere', 'command-a-03-2025', {}, {}],
    ['nvidia', 'meta/llama-3.3-70b-instruct', {}, {}],
    ['nvidia', 'qwen/qwen3-next-80b', kwargs(false), kwargs(true)],
    [
      'workers-ai',
      '@cf/openai/gpt-oss-120b',
      { reasoning_effort: 'low' },
      { reasoning_effort: 'high' },
    ],
    ['workers-ai', '@cf/meta/llama-3.3-70b-instruct-fp8-fast', {}, {}],
    [
      'llamacpp',
      'gpt-oss-20b',
      { chat_template_kwargs: { reasoning_effort: 'low' } },
      { chat_template_kwargs: { reasoning_effort: 'high' } },
    ],
    [
      'databricks',
      'databricks-gpt-5',
      { reasoning_effort: 'minimal' },
      { reasoning_effort: 'high' },
    ],
  ])('the thinking level is sent in the parameters of %s %s', (preset, model, whenOff, whenMax) => {
    expect(fieldsFor(preset, model, off)).toEqual(whenOff)
    expect(fieldsFor(preset, model, max)).toMatchObject(whenMax)
  })
})

describe('a forced tool of a preset', () => {
  const any = { tools, tool_choice: { type: 'any' } }

  test.each([
    ['mistral', 'mistral-large-latest', 'any'],
    ['fireworks', 'accounts/fireworks/models/kimi-k2p5', 'any'],
    ['groq', 'openai/gpt-oss-120b', 'required'],
    ['azure', 'DeepSeek-R1', 'required'],
    ['zai', 'glm-5.2', undefined],
    ['minimax', 'MiniMax-M3', undefined],
    ['kimi', 'kimi-k3', undefined],
    ['kimi', 'kimi-k2.6', 'required'],
    ['alibaba', 'qwen3-235b-a22b-thinking-2507', undefined],
    ['alibaba', 'qwen-plus', 'required'],
  ])('a forced tool is sent to %s %s as %s', (preset, model, choice) => {
    expect(fieldsFor(preset, model, any)['tool_choice']).toBe(choice)
  })

  test('a forced tool disables thinking if the vendor rejects both', () => {
    expect(fieldsFor('kimi', 'kimi-k2.6', { ...any, ...max })).toMatchObject({
      thinking: { type: 'disabled' },
    })
    expect(fieldsFor('alibaba', 'qwen-plus', any)).toMatchObject({ enable_thinking: false })
    expect(fieldsFor('vercel-gateway', 'anthropic/claude-x', { ...any, ...max })).toMatchObject({
      reasoning: { enabled: false },
    })
  })
})

test('parameters that a vendor rejects are not sent', () => {
  const sampling = { temperature: 0.5, top_p: 0.9, top_k: 5, stop_sequences: ['a', 'b'] }
  const keys = ['temperature', 'top_p', 'top_k', 'stop']
  const kept = (preset: string, model: string, fields: object = {}): string[] => {
    const body = fieldsFor(preset, model, { ...sampling, ...fields })
    return keys.filter((key) => key in body)
  }
  expect(kept('kimi', 'kimi-k2.6')).toEqual(['stop'])
  expect(kept('kimi', 'moonshot-v1-128k')).toEqual(['temperature', 'top_p', 'stop'])
  expect(kept('xai-chat', 'grok-4.5')).toEqual(['temperature', 'top_p'])
  expect(kept('xai-chat', 'grok-3')).toEqual(['temperature', 'top_p', 'stop'])
  expect(kept('together', 'x')).toEqual(keys)
  expect(kept('minimax', 'MiniMax-M3')).toEqual(['temperature', 'top_p'])
  expect(kept('databricks', 'databricks-claude-sonnet-4-5', max)).toEqual(['stop'])
  expect(fieldsFor('zai', 'glm-5.2', sampling)['stop']).toEqual(['a'])
})

test('a vendor that only streams is sent a streaming request', () => {
  expect(fieldsFor('alibaba', 'qwq-plus', {})).toMatchObject({ stream: true })
})
