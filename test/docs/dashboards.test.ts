import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { asArray, asObject, asString } from '../../src/anthropic/json.ts'
import { toDataPoint } from '../../src/exchange/metering/to-data-point.ts'
import { charge } from '../ledger/entries.ts'

test('the Grafana dashboard queries columns that data points have, of the dataset of wrangler.toml', async () => {
  const root = join(import.meta.dirname, '../..')
  const file = join(root, 'docs/dashboards/analytics-engine.json')
  const dashboard = asObject(JSON.parse(await readFile(file, 'utf8')))
  const queries = asArray(dashboard?.['panels'])
    .flatMap((panel) => asArray(asObject(panel)?.['targets']))
    .map((target) => asString(asObject(target)?.['query']) ?? '')
  expect(queries.length).toBeGreaterThan(5)
  const { blobs = [], doubles = [] } = toDataPoint(charge('r'), { keyId: 'k', ms: 1 })
  const known = new Set([
    'index1',
    ...blobs.map((_, index) => `blob${index + 1}`),
    ...doubles.map((_, index) => `double${index + 1}`),
  ])
  const columns = queries.join(' ').match(/\b(?:index|blob|double)\d+\b/g) ?? []
  expect(columns.filter((column) => !known.has(column))).toEqual([])
  const settings = await readFile(join(root, 'wrangler.toml'), 'utf8')
  const dataset = /dataset = "(\w+)"/.exec(settings)?.[1]
  expect(queries.filter((query) => !query.includes(`FROM ${dataset} `))).toEqual([])
})
