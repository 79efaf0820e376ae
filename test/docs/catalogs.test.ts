/** Catalogs in the documentation can be pasted as they are printed. */
import { describe, expect, test } from 'vitest'

import { parseCatalogText } from '../../src/catalog/parse.ts'
import { dialects } from '../../src/dialects/index.ts'
import { presets } from '../../src/providers/index.ts'
import { pages } from './pages.ts'

const blocks = pages.flatMap(({ path, text }) =>
  [...text.matchAll(/^```jsonc?\n([^]*?)^```/gm)].map(([, code = ''], index) => ({
    name: `${path}, block ${index + 1}`,
    code,
  })),
)
const catalogs = blocks.filter(({ code }) => /"(?:providers|targets)"/.test(code))

describe('JSON in the documentation', () => {
  test.each(blocks)('JSON in the documentation is valid: $name', ({ code }) => {
    expect(() => {
      JSON.parse(code)
    }).not.toThrow()
  })
})

describe('catalogs in the documentation', () => {
  test('catalogs in the documentation are found', () => {
    expect(catalogs.length).toBeGreaterThan(4)
  })

  test.each(catalogs)(
    'catalogs in the documentation are accepted as they are printed: $name',
    ({ code }) => {
      expect(parseCatalogText(code, { dialects, presets })).not.toHaveProperty('faults')
    },
  )
})
