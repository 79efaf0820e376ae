import { expect, test } from 'vitest'

import { describeFault } from '../../src/catalog/check/fault.ts'
import { parseCatalog } from '../../src/catalog/parse.ts'
import { findMissing } from '../../src/cli/catalog/missing-secrets.ts'
import { registries } from './registries.ts'

const catalogOf = (alerts: unknown): object => ({ version: 1, providers: {}, models: [], alerts })

function faultsOf(alerts: unknown): string[] {
  const parsed = parseCatalog(catalogOf(alerts), registries)
  return 'faults' in parsed ? parsed.faults.map(describeFault) : []
}

test('receivers of alerts are a secret’s name, and perhaps a format, a signing secret and kinds', () => {
  expect(
    faultsOf([
      { url_secret: 'HOOK', signing_secret: 'SIGN' },
      { url_secret: 'SLACK', format: 'slack', on: ['budget', 'provider'] },
    ]),
  ).toEqual([])
})

test.each([
  [
    'a URL in place of a secret’s name',
    [{ url_secret: 'https://hooks.test/x' }],
    'alerts.0.url_secret',
  ],
  [
    'a URL beside it',
    [{ url_secret: 'A', url: 'https://hooks.test/x' }],
    'alerts.0.url: unknown field',
  ],
  ['an unknown format', [{ url_secret: 'A', format: 'fax' }], 'alerts.0.format'],
  ['an unknown kind', [{ url_secret: 'A', on: ['weather'] }], 'alerts.0.on.0'],
  ['no kinds', [{ url_secret: 'A', on: [] }], 'alerts.0.on: must not be empty'],
  [
    'the same receiver twice',
    [
      { url_secret: 'A', on: ['budget'] },
      { url_secret: 'A', on: ['provider'] },
    ],
    'alerts.1.url_secret: must be unique: alerts.0 has the same',
  ],
])('a catalog with %s is rejected', (_, alerts, fault) => {
  const [first, ...others] = faultsOf(alerts)
  expect(first).toContain(fault)
  expect(others).toEqual([])
})

test('secrets of receivers that are not set are found', () => {
  const parsed = parseCatalog(
    catalogOf([{ url_secret: 'HOOK', signing_secret: 'SIGN' }]),
    registries,
  )
  const catalog = 'catalog' in parsed ? parsed.catalog : undefined
  expect(catalog && findMissing(catalog, (name) => (name === 'HOOK' ? 'x' : undefined))).toEqual([
    { secrets: ['SIGN'], neededBy: ['alerts'] },
  ])
})
