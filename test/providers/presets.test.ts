import { describe, expect, test } from 'vitest'

import { presets } from '../../src/providers/index.ts'
import { bodyOf } from '../support/translate.ts'

const common = new Set([
  'model',
  'messages',
  'max_tokens',
  'max_completion_tokens',
  'store',
  'tools',
  'provider',
])

/** What a preset makes of the level of thinking. */
function knobsOf(preset: string, model: string, fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(bodyOf(fields, { preset, model })).filter(([key]) => !common.has(key)),
  )
}

const off = { thinking: { type: 'disabled' } }
const max = { thinking: { type: 'adaptive' }, output_config: { effort: 'max' } }
const tools = [{ name: 'a', input_schema: { type: 'object' } }]

describe('the openai preset', () => {
  test.each([
    ['gpt-4.1', max, undefined],
    ['gpt-4o', off, undefined],
    ['o3', max, 'high'],
    ['o4-mini', off, 'low'],
    ['o1-mini', max, undefined],
    ['gpt-5', off, 'minimal'],
    ['gpt-5-mini', max, 'high'],
    ['gpt-5-pro', off, 'high'],
    ['gpt-5-chat-latest', max, undefined],
    ['gpt-5.1', off, 'none'],
    ['gpt-5.1', max, 'high'],
    ['gpt-5.1-codex', off, 'low'],
    ['gpt-5.1-codex-max', max, 'xhigh'],
    ['gpt-5.2', max, 'xhigh'],
    ['gpt-5.2-pro', off, 'low'],
    ['gpt-5.2-chat', max, undefined],
    ['gpt-5.4', max, 'xhigh'],
    ['gpt-5.4', { ...max, tools }, 'none'],
    ['gpt-5.6-terra', { tools }, 'none'],
    ['gpt-5.6-terra', {}, undefined],
  ])('the openai preset sends %s with %j the effort %s', (model, fields, effort) => {
    expect(knobsOf('openai', model, fields)['reasoning_effort']).toBe(effort)
  })

  test.each([
    ['gpt-4.1', 'system'],
    ['o3', 'developer'],
    ['o1-mini', 'user'],
    ['gpt-5.2', 'developer'],
  ])('the openai preset sends the system prompt of %s as role %s', (model, role) => {
    const { messages } = bodyOf({ system: 'Be kind.' }, { preset: 'openai', model })
    expect(Object(messages)[0].role).toBe(role)
  })

  test('the openai preset limits output by max_completion_tokens', () => {
    const body = bodyOf({}, { preset: 'openai', model: 'gpt-4.1' })
    expect(body).toMatchObject({ max_completion_tokens: 1024, store: false })
    expect(body).not.toHaveProperty('max_tokens')
  })
})

describe('the deepseek preset', () => {
  test('the deepseek preset never has an effort if thinking is disabled', () => {
    expect(
      knobsOf('deepseek', 'deepseek-v4-pro', { ...off, output_config: { effort: 'max' } }),
    ).toEqual({
      thinking: { type: 'disabled' },
    })
  })

  test('the deepseek preset disables thinking if a tool is forced', () => {
    const fields = { ...max, tools, tool_choice: { type: 'any' } }
    expect(knobsOf('deepseek', 'deepseek-v4-pro', fields)).toEqual({
      tool_choice: 'required',
      thinking: { type: 'disabled' },
    })
  })
})

test('the openrouter preset sends one reasoning object', () => {
  expect(knobsOf('openrouter', 'openai/gpt-5.2', max)).toEqual({
    reasoning: { enabled: true, effort: 'max' },
  })
  expect(knobsOf('openrouter', 'openai/gpt-5.2', off)).toEqual({ reasoning: { enabled: false } })
})

test('the vllm preset sends chat template arguments, or an effort for gpt-oss', () => {
  expect(knobsOf('vllm', 'Qwen/Qwen3-32B', off)).toEqual({
    chat_template_kwargs: { enable_thinking: false, thinking: false },
  })
  expect(knobsOf('vllm', 'openai/gpt-oss-20b', off)).toEqual({ reasoning_effort: 'low' })
})

test('the ollama preset sends an effort', () => {
  expect(knobsOf('ollama', 'qwen3', off)).toEqual({ reasoning_effort: 'none' })
  expect(knobsOf('ollama', 'gpt-oss:20b', max)).toEqual({ reasoning_effort: 'high' })
})

test.each(Object.entries(presets))(
  'the preset %s has its key as name, and only quirks of its dialect',
  (name, preset) => {
    expect(preset.name).toBe(name)
    expect(preset.baseUrl ?? 'http://one.invalid').not.toMatch(/\/$/)
    const layers = [{ quirks: preset.quirks ?? {} }, ...(preset.models ?? [])]
    const faults = layers.flatMap((layer) => {
      const dialect = ('dialect' in layer ? layer.dialect : undefined) ?? preset.dialect
      const checked =
        dialect.kind === 'translated' ? dialect.quirksSchema.safeParse(layer.quirks) : undefined
      return checked?.error ?? []
    })
    expect(faults).toEqual([])
  },
)
