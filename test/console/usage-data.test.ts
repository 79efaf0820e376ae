import { expect, test } from 'vitest'

import type { Usage } from '../../src/http/console/parts/usage-data.ts'
import { toChart, toCsv } from '../../src/http/console/parts/usage-data.ts'

function toUsage(...names: string[]): Usage {
  const sums = (requests: number) => ({
    requests,
    input: 10 * requests,
    cacheRead: 0,
    cacheWrite: 0,
    output: requests,
    errors: 0,
    adaptations: 0,
    cost: requests / 4,
  })
  return {
    by: 'model',
    starts: ['2026-11-27T00:00:00Z', '2026-11-28T00:00:00Z'],
    stepSeconds: 86_400,
    series: names.map((name) => ({
      id: name,
      name,
      total: sums(3),
      values: [sums(3), sums(0)],
    })),
    total: sums(3 * names.length),
  }
}

test('CSV has a row for each start and model that was used, and no text is taken for a formula', () => {
  expect(toCsv(toUsage('m', '=HYPERLINK("x")')).split('\r\n')).toEqual([
    'start,model,name,requests,input,cacheRead,cacheWrite,output,errors,adaptations,cost_usd',
    '2026-11-27T00:00:00Z,m,m,3,30,0,0,3,0,0,0.75',
    `2026-11-27T00:00:00Z,"'=HYPERLINK(""x"")","'=HYPERLINK(""x"")",3,30,0,0,3,0,0,0.75`,
  ])
})

test('a chart has seven series at most, and one for the others', () => {
  const names = Array.from({ length: 10 }, (_, at) => `m${at}`)
  const { series, at, unit } = toChart(toUsage(...names), 'requests')
  expect(series.map(({ name }) => name)).toEqual([...names.slice(0, 7), 'others'])
  expect(series.at(-1)?.values).toEqual([9, 0])
  expect(at[1]).toBe(Date.parse('2026-11-28T00:00:00Z') / 1000)
  expect(unit).toBe('count')
})
