import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { presets } from '../../src/providers/index.ts'

test('the presets page has a row for each preset', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/reference/presets.md'), 'utf8')
  const [, table = ''] = /<!-- presets -->([^]*)<!-- \/presets -->/.exec(page) ?? []
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, 5)
        .map((cell) => cell.trim().replaceAll('`', '')),
    )
  const told = Object.values(presets)
    .filter(({ name }) => !name.startsWith('demo'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  expect(rows).toEqual(
    told.map(({ name, dialect, models, secret, baseUrl }) => {
      const others = models.flatMap((rule) => rule.dialect?.name ?? [])
      const protocols = [...new Set([dialect.name, ...others])]
      return [name, protocols.join(', '), secret ?? 'none', baseUrl ?? '_required_']
    }),
  )
})
