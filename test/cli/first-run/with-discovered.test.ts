import { describe, expect, test } from 'vitest'

import type { Catalog } from '../../../src/catalog/schema/catalog.ts'
import { bestModel } from '../../../src/cli/first-run/best-model.ts'
import { claudeCodeLine, describeModels } from '../../../src/cli/first-run/start-message.ts'
import type { DiscoveredProvider } from '../../../src/cli/first-run/with-discovered.ts'
import { withDiscovered } from '../../../src/cli/first-run/with-discovered.ts'

const shipped: Catalog = {
  version: 1,
  providers: { demo: { preset: 'demo' } },
  models: [
    { id: 'claude-demo', targets: [{ provider: 'demo', model: 'demo' }] },
    { id: 'mine', targets: [{ provider: 'demo', model: 'demo' }] },
  ],
  aliases: { 'claude-sonnet-*': 'claude-demo', 'claude-opus-*': 'somewhere-else' },
}

const isDemo = (preset: string): boolean => preset === 'demo'

function local(...models: string[]): DiscoveredProvider {
  return {
    provider: 'ollama',
    baseUrl: 'http://localhost:11434/v1',
    isHosted: false,
    models: models.map((model) => ({ model, capabilities: {} })),
  }
}

const hosted: DiscoveredProvider = {
  provider: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  isHosted: true,
  models: [
    { model: 'small', maxInputTokens: 400_000, price: { input: 0.1, output: 1 }, capabilities: {} },
    { model: 'large', maxInputTokens: 400_000, price: { input: 2, output: 10 }, capabilities: {} },
    { model: 'tiny', maxInputTokens: 8_000, price: { input: 9, output: 30 }, capabilities: {} },
    { model: 'pro', maxInputTokens: 400_000, price: { input: 50, output: 400 }, capabilities: {} },
  ],
}

describe('discovered models', () => {
  test('discovered models are served as provider/model in addition to those of the catalog file', () => {
    const { catalog, added } = withDiscovered(shipped, [local('qwen3:8b')], isDemo)
    expect(added.map(({ id }) => id)).toEqual(['ollama/qwen3:8b'])
    expect(catalog.models.map(({ id }) => id)).toEqual(['claude-demo', 'mine', 'ollama/qwen3:8b'])
    expect(catalog.providers['ollama']).toEqual({
      preset: 'ollama',
      base_url: 'http://localhost:11434/v1',
    })
  })

  test('discovered models replace the demo under its names, and take no name that the operator assigned', () => {
    const { catalog, best } = withDiscovered(shipped, [local('qwen3:8b')], isDemo)
    expect(best?.id).toBe('ollama/qwen3:8b')
    expect(catalog.aliases).toEqual({
      'claude-sonnet-*': 'ollama/qwen3:8b',
      'claude-opus-*': 'somewhere-else',
    })
  })

  test('discovered models do not replace an entry of the catalog file for the same model', () => {
    const own = { id: 'ollama/qwen3:8b', targets: [{ provider: 'demo', model: 'demo' }] }
    const file = { ...shipped, models: [...shipped.models, own] }
    expect(withDiscovered(file, [local('qwen3:8b')], isDemo).catalog.models).toEqual(file.models)
  })

  test('discovered models of a hosted provider are preferred to those of a local server', () => {
    expect(withDiscovered(shipped, [local('llama:405b'), hosted], isDemo).best?.id).toBe(
      'openai/large',
    )
  })

  test('the catalog stays the same if no model is discovered', () => {
    expect(withDiscovered(shipped, [], isDemo)).toEqual({
      catalog: shipped,
      added: [],
      best: undefined,
    })
  })
})

test('the best of models without a price is the one with the most parameters', () => {
  const ids = ['a/llama3.2:1b', 'a/qwen3:32b', 'a/qwen3:8b-q4', 'a/gemma']
  const models = ids.map((id) => ({ id, targets: [{ provider: 'a', model: id }] }))
  expect(bestModel(models)?.id).toBe('a/qwen3:32b')
  expect(bestModel([])).toBeUndefined()
})

test('the models table has a row for each listed model, and one for each model with aliases', () => {
  const aliases = { ...shipped.aliases, 'claude-haiku-*': 'claude-demo' }
  const { catalog } = withDiscovered({ ...shipped, aliases }, [hosted], isDemo)
  expect(describeModels(catalog).split('\n')).toEqual([
    'MODEL         PROVIDER  CONTEXT  USD PER MTOK IN/OUT',
    'claude-demo   demo      unknown  unknown',
    'mine          demo      unknown  unknown',
    'openai/small  openai    400k     0.1/1',
    'openai/large  openai    400k     2/10',
    'openai/tiny   openai    8k       9/30',
    'openai/pro    openai    400k     50/400',
    '',
    'MODEL           ALSO ANSWERS TO',
    'openai/large    claude-sonnet-*, claude-haiku-*',
    'somewhere-else  claude-opus-*',
  ])
})

test('the line for Claude Code sets a context window that differs from its default', () => {
  const { catalog } = withDiscovered(shipped, [hosted], isDemo)
  const place = { url: 'http://127.0.0.1:1', key: 'k', model: 'openai/large' }
  expect(claudeCodeLine(catalog, place)).toBe(
    'ANTHROPIC_BASE_URL=http://127.0.0.1:1 ANTHROPIC_AUTH_TOKEN=k CLAUDE_CODE_MAX_CONTEXT_TOKENS=400000 claude',
  )
  expect(claudeCodeLine({ ...shipped, aliases: {} }, { ...place, model: 'mine' })).toBe(
    'ANTHROPIC_BASE_URL=http://127.0.0.1:1 ANTHROPIC_AUTH_TOKEN=k claude --model mine',
  )
})
