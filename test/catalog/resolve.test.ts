import { describe, expect, test } from 'vitest'

import { findModel, resolveModel } from '../../src/catalog/resolve/resolve.ts'
import { catalogOf, modelOf } from './registries.ts'

const catalog = catalogOf({
  models: [
    modelOf('claude-sonnet-4-6', 'gpt-5.6'),
    modelOf('claude-haiku-4-5', 'gpt-5.6-mini'),
    modelOf('openai/*', '*'),
    modelOf('openai/gpt-oss-*', 'oss/*:free'),
    modelOf('openai/pinned', 'pinned-2026'),
    modelOf('gone', 'gone', { lifecycle: 'retired' }),
  ],
  aliases: {
    'claude-sonnet-5': 'claude-haiku-4-5',
    'claude-*': 'claude-sonnet-4-6',
    'claude-haiku-*': 'claude-haiku-4-5',
    'gpt-*': 'openai/gpt-*',
    constructor: 'claude-sonnet-4-6',
  },
})

/** `<id> → <upstream model>` */
function resolved(name: string): string | undefined {
  const found = resolveModel(catalog, name)
  return found && `${found.id} → ${found.targets[0]?.model}`
}

describe('the resolution of a model name', () => {
  test.each([
    ['an exact id', 'claude-sonnet-4-6', 'claude-sonnet-4-6 → gpt-5.6'],
    ['an exact id over a wildcard id', 'openai/pinned', 'openai/pinned → pinned-2026'],
    ['an exact alias over wildcard aliases', 'claude-sonnet-5', 'claude-haiku-4-5 → gpt-5.6-mini'],
    ['the longest alias', 'claude-haiku-9', 'claude-haiku-4-5 → gpt-5.6-mini'],
    ['the longest alias, whatever the order', 'claude-x', 'claude-sonnet-4-6 → gpt-5.6'],
    ['a wildcard id', 'openai/gpt-4.1', 'openai/gpt-4.1 → gpt-4.1'],
    ['the longest wildcard id', 'openai/gpt-oss-120b', 'openai/gpt-oss-120b → oss/120b:free'],
    ['the rest of a name with slashes', 'openai/a/b:c', 'openai/a/b:c → a/b:c'],
    ['an alias that hands on what it matched', 'gpt-4.1', 'openai/gpt-4.1 → gpt-4.1'],
    ['a name that ends in [1m]', 'claude-sonnet-4-6[1m]', 'claude-sonnet-4-6 → gpt-5.6'],
    ['a name that ends in [1M][1m]', 'openai/pinned[1M][1m]', 'openai/pinned → pinned-2026'],
    ['a name that objects have by nature', 'constructor', 'claude-sonnet-4-6 → gpt-5.6'],
  ])('the resolution of a model name resolves %s', (_, name, expected) => {
    expect(resolved(name)).toBe(expected)
  })

  test.each(['nothing', '', 'toString', 'CLAUDE-SONNET-4-6', 'openai'])(
    'the resolution of a model name finds nothing for an unknown name, and never a default: %j',
    (name) => {
      expect(resolved(name)).toBeUndefined()
    },
  )

  test('the resolution of a model name finds a retired model, which is not served', () => {
    expect(resolveModel(catalog, 'gone')).toBeUndefined()
    expect(findModel(catalog, 'gone')?.id).toBe('gone')
  })

  test('the resolution of a model name inserts what a * matched literally, even if it looks like a replacement pattern', () => {
    expect(resolved('openai/$&$1')).toBe('openai/$&$1 → $&$1')
  })
})
