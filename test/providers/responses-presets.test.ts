/** What presets of the Responses API make of thinking, and of what clients always send. */
import { describe, expect, test } from 'vitest'

import { adaptationsOf, bodyOf } from '../support/translate.ts'

const off = { thinking: { type: 'disabled' } }
const max = { thinking: { type: 'adaptive' }, output_config: { effort: 'max' } }

function reasoningOf(preset: string, model: string, fields: object): unknown {
  return bodyOf(fields, { preset, model, dialect: 'openai-responses' })['reasoning']
}

const effort = (level: string) => ({ effort: level })
const shown = (level: string) => ({ effort: level, summary: 'auto' })

describe.each(['openai-responses', 'azure-responses'])('the Responses preset %s', (preset) => {
  test.each([
    ['gpt-4.1', max, undefined],
    ['gpt-4o', off, undefined],
    ['o3', max, shown('high')],
    ['gpt-5', max, shown('high')],
    ['gpt-5-pro', off, effort('high')],
    ['gpt-5-chat-latest', max, undefined],
    ['gpt-5.1', off, effort('none')],
    ['gpt-5.1', max, shown('high')],
    ['gpt-5.1-codex', off, effort('low')],
    ['gpt-5.1-codex-max', max, shown('xhigh')],
    ['gpt-5.2', max, shown('xhigh')],
    ['gpt-5.2-chat', max, undefined],
    ['gpt-5.4', off, effort('none')],
    ['gpt-5.4-pro', off, effort('low')],
    ['gpt-5.5', {}, undefined],
    ['gpt-5.6-terra', max, shown('xhigh')],
  ])('the thinking of a Responses preset: %s with %j', (model, fields, reasoning) => {
    expect(reasoningOf(preset, model, fields)).toEqual(reasoning)
  })
})

test.each([
  ['openai-responses', 'o3', off, effort('low')],
  ['openai-responses', 'gpt-5', off, effort('minimal')],
  // By another name it may be any model.
  ['azure-responses', 'our-deployment', off, undefined],
  ['xai', 'grok-3', max, undefined],
  ['xai', 'grok-3-mini', max, shown('high')],
  ['xai', 'grok-4-fast-reasoning', max, undefined],
  ['xai', 'grok-4.20-non-reasoning', off, undefined],
  ['xai', 'grok-4.3', off, effort('none')],
  ['xai', 'grok-4.5', off, effort('low')],
  ['xai', 'grok-4.5', max, shown('high')],
  ['xai', 'grok-4.6', max, shown('xhigh')],
  ['openrouter-responses', 'openai/gpt-5.6', off, { enabled: false }],
  ['openrouter-responses', 'openai/gpt-5.6', max, { enabled: true, ...shown('max') }],
  ['vercel-responses', 'openai/gpt-5.6', off, effort('none')],
  ['vercel-responses', 'openai/gpt-5.6', max, shown('xhigh')],
  ['lmstudio-responses', 'qwen3', max, undefined],
  ['lmstudio-responses', 'openai/gpt-oss-20b', max, effort('high')],
  ['ollama-responses', 'qwen3', off, effort('none')],
  ['ollama-responses', 'gpt-oss:20b', off, effort('low')],
  ['vllm-responses', 'openai/gpt-oss-20b', off, effort('low')],
  ['deepseek-responses', 'deepseek-v4-flash', max, effort('max')],
  ['perplexity', 'openai/gpt-5.5', max, effort('high')],
])('%s, %s with %j', (preset, model, fields, reasoning) => {
  expect(reasoningOf(preset, model, fields)).toEqual(reasoning)
})

test('the openai preset has the same rules for models that only the Responses API serves', () => {
  const target = { model: 'gpt-5.6-terra', dialect: 'openai-responses' }
  const fields = { ...max, temperature: 1, max_tokens: 1, service_tier: 'standard_only' }
  expect(bodyOf(fields, { ...target, preset: 'openai-responses' })).toMatchObject({
    max_output_tokens: 16,
    service_tier: 'default',
    reasoning: shown('xhigh'),
  })
  expect(adaptationsOf(fields, { ...target, preset: 'openai-responses' })).toEqual([
    'map max_tokens: max_output_tokens=16',
    'map output_config.effort: reasoning.effort=xhigh',
    'drop temperature',
  ])
})

test('the perplexity preset sends no field that it does not support', () => {
  const fields = { tools: [{ name: 'a', input_schema: { type: 'object' } }] }
  const target = { preset: 'perplexity', dialect: 'openai-responses', sessionKey: 'abc' }
  expect(Object.keys(bodyOf(fields, { ...target, model: 'openai/gpt-5.5' }))).toEqual([
    'model',
    'input',
    'tools',
    'max_output_tokens',
  ])
})
