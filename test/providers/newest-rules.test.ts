/** A model that is newer than the tables gets the newest rule of its family, and none of an older one. */
import { describe, expect, test } from 'vitest'

import { matchesAny } from '../../src/platform/model-pattern.ts'
import { presets } from '../../src/providers/index.ts'
import type { Preset } from '../../src/providers/preset.ts'

/** For each family of a preset: the newest model that its rules know, and what may come next. */
const families: Record<string, [newest: string, ...next: string[]][]> = {
  openai: [['gpt-6', 'gpt-6-luna', 'gpt-6.1-terra', 'gpt-7', 'gpt-10-mini']],
  'openai-responses': [['gpt-6', 'gpt-6-sol', 'gpt-5.9', 'gpt-7.2', 'gpt-10']],
  azure: [['gpt-6', 'gpt-7-luna']],
  'azure-responses': [['gpt-6', 'gpt-7-luna']],
  bedrock: [
    [
      'us.anthropic.claude-sonnet-5-5',
      'eu.anthropic.claude-opus-6',
      'anthropic.claude-fable-5-2-v1:0',
    ],
    ['us.openai.gpt-5.6-luna', 'us.openai.gpt-7'],
    ['us.amazon.nova-2-lite-v1:0', 'us.amazon.nova-3-pro-v1:0'],
  ],
  gemini: [
    ['gemini-4-flash', 'gemini-5.5-flash'],
    ['gemini-4-pro', 'gemini-6-pro-preview'],
  ],
  vertex: [
    ['gemini-4-flash', 'gemini-5.5-flash'],
    ['gemini-4-pro', 'gemini-6-pro-preview'],
  ],
  xai: [['grok-4.6', 'grok-5', 'grok-4.9']],
  kimi: [['kimi-k3', 'kimi-k4']],
}

function resolve({ dialect: usual, quirks, models }: Preset, model: string): object {
  const rules = models.filter((rule) => matchesAny([rule.match], model))
  const dialect = rules.findLast((rule) => rule.dialect !== undefined)?.dialect ?? usual
  const applied = rules.filter((rule) => (rule.dialect ?? usual) === dialect)
  return Object.assign(
    { dialect: dialect.name },
    dialect === usual ? quirks : {},
    ...applied.map((rule) => rule.quirks),
  )
}

describe.each(Object.entries(families))('the preset %s', (name, known) => {
  test.each(known)('a preset applies the rules of %s to a successor of %s', (newest, ...next) => {
    const preset = Object.values(presets).find((each) => each.name === name)
    expect(preset).toBeDefined()
    for (const model of next) {
      expect(preset && resolve(preset, model)).toEqual(preset && resolve(preset, newest))
    }
  })
})
