/** The published checks with every preset, and the page that states the results. */
import { describe, expect, test } from 'vitest'

import '../support/workers-platform.ts'
import page from '../../docs/conformance.md?raw'
import { checks } from '../../src/cli/conformance/checks/index.ts'
import type { Report } from '../../src/cli/conformance/report.ts'
import { toPage } from './page.ts'
import { presetNames, runPreset } from './run-all.ts'

const reports: Report[] = []
const estimates = new Map(checks.map(({ id, tokens }) => [id, tokens]))

describe('the published checks', () => {
  test.each(presetNames)(
    'the published checks find no failure with the preset %s',
    async (preset) => {
      const report = await runPreset(preset)
      reports.push(report)
      expect(report.results.filter(({ status }) => status === 'failed')).toEqual([])
    },
  )

  test('the published checks use no more tokens than the estimate before a run', () => {
    const used = reports.flatMap(({ name, results }) =>
      results.map(({ id, tokens }) => ({ id: `${name} ${id}`, tokens, said: estimates.get(id) })),
    )
    const above = ({ tokens, said }: (typeof used)[number]): boolean =>
      tokens.input > (said?.input ?? 0) || tokens.output > (said?.output ?? 0)
    expect(used.filter(above)).toEqual([])
  })

  test('the published checks have the results that docs/conformance.md states (npm run conformance:page)', () => {
    expect(page).toBe(toPage(reports))
  })
})
