import { expect, test } from 'vitest'

import { createResolver } from '../../src/catalog/resolve/resolver.ts'
import type { Catalog } from '../../src/catalog/schema/catalog.ts'
import { dialects } from '../../src/dialects/index.ts'
import { cacheBounds } from '../../src/platform/bounded-cache.ts'

const catalog: Catalog = {
  version: 1,
  providers: { lab: { dialect: 'openai-chat', base_url: 'http://lab.test/v1', secret: null } },
  models: [{ id: 'lab/*', targets: [{ provider: 'lab', model: '*' }] }],
}

test('a resolved model is cached by its name, and evicted by as many others as the bound allows', () => {
  const resolve = createResolver({ dialects, presets: {} })
  const first = resolve(catalog, 'lab/first')
  expect(resolve(catalog, 'lab/first')).toBe(first)
  for (let index = 0; index < cacheBounds.resolutions; index += 1) {
    resolve(catalog, `lab/other-${index}`)
  }
  expect(resolve(catalog, 'lab/first')).not.toBe(first)
  expect(resolve(catalog, 'lab/first')?.id).toBe(first?.id)
})
