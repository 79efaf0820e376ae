import { describe, expect, test } from 'vitest'

import { priceByName } from '../../src/catalog/resolve/price-by-name.ts'
import { createResolver } from '../../src/catalog/resolve/resolver.ts'
import type { Catalog } from '../../src/catalog/schema/catalog.ts'
import { dialects } from '../../src/dialects/index.ts'

const priced = (input: number) => ({ input, output: 10 * input })
const catalog: Catalog = {
  version: 1,
  providers: { up: { dialect: 'openai-chat', base_url: 'http://up.test/v1', secret: null } },
  models: [
    { id: 'own', targets: [{ provider: 'up', model: 'upstream-own' }], price: priced(1) },
    { id: 'by-target', targets: [{ provider: 'up', model: 'other', price: priced(2) }] },
    { id: 'free', targets: [{ provider: 'up', model: 'nothing' }] },
    { id: 'any-*', targets: [{ provider: 'up', model: '*' }], price: priced(3) },
    { id: 'dated', targets: [{ provider: 'up', model: 'any-2026' }], price: priced(4) },
  ],
}

describe('the price of a model that an upstream names is', () => {
  const resolve = createResolver({ dialects, presets: {} })

  test.each([
    ['own', 1, 'that of the model'],
    ['by-target', 2, 'that of its target where the model has none'],
    ['upstream-own', 1, 'found by the name at the provider'],
    ['any-2026', 4, 'that of the target of this name before that of a pattern'],
    ['any-else', 3, 'that of a pattern for other names'],
  ])('the price of a model that an upstream names is %s: %i, %s', (name, input) => {
    expect(priceByName(resolve, catalog, name)).toEqual(priced(input))
  })

  test.each(['free', 'nobody'])(
    'the price of a model that an upstream names is unknown for %s',
    (name) => {
      expect(priceByName(resolve, catalog, name)).toBeUndefined()
    },
  )
})
