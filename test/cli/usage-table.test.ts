import { describe, expect, test } from 'vitest'

import type { DayUsage } from '../../src/cli/usage/usage-source.ts'
import { toUsageCsv, toUsageJson, toUsageTable } from '../../src/cli/usage/usage-table.ts'

function row(fields: Partial<DayUsage>): DayUsage {
  return {
    day: '2026-11-25',
    keyId: 'a',
    session: '',
    agent: '',
    model: 'm',
    provider: 'p',
    group: '',
    requests: 1,
    input: 10,
    output: 5,
    cacheRead: 0,
    cacheWrite: 0,
    thinking: 0,
    cost: 60_000,
    errors: 0,
    estimated: 0,
    ...fields,
  }
}

const usage = {
  rows: [row({}), row({ model: 'n', keyId: 'b' }), row({ day: '2026-11-26', provider: '' })],
  names: new Map([
    ['a', 'alice'],
    ['b', '=HYPERLINK("x"),y'],
  ]),
  groups: new Map([['g', 'search']]),
}

describe('the output of npm run usage', () => {
  test('the output of npm run usage by key has a row with the name and sums of each key, and a total', () => {
    expect(
      toUsageTable(usage, ['key'])
        .split('\n')
        .map((line) => line.split(/ {2,}/).slice(0, 4)),
    ).toEqual([
      ['key', 'name', 'requests', 'input'],
      ['a', 'alice', '2', '20'],
      ['b', '=HYPERLINK("x"),y', '1', '10'],
      ['total', '3', '30', '15'],
    ])
  })

  test.each([
    ['model', ['m,2', 'n,1']],
    ['day', ['2026-11-25,2', '2026-11-26,1']],
    ['provider', ['-,1', 'p,2']],
  ] as const)(
    'the output of npm run usage by %s as CSV has a line for each value',
    (by, begins) => {
      const [head = '', ...lines] = toUsageCsv(usage, [by]).split('\n')
      expect(head).toMatch(/^\w+,requests,input,output,cache_read,.*cost_USD/)
      expect(lines.map((line) => line.split(',').slice(0, 2).join(','))).toEqual(begins)
    },
  )

  test('the output of npm run usage as CSV quotes names that a spreadsheet would take for formulas', () => {
    expect(toUsageCsv(usage, ['key'])).toContain(`b,"'=HYPERLINK(""x""),y",1`)
  })

  test('the output of npm run usage as JSON has numbers for counts, and money as an exact decimal', () => {
    expect(JSON.parse(toUsageJson(usage, ['key']))).toEqual([
      {
        key: 'a',
        name: 'alice',
        requests: 2,
        input_tokens: 20,
        output_tokens: 10,
        cache_read_tokens: 0,
        cache_write_tokens: 0,
        thinking_tokens: 0,
        cost_usd: '0.00012',
        errors: 0,
        estimated: 0,
      },
      expect.objectContaining({ key: 'b', cost_usd: '0.00006' }),
    ])
  })
})
