/** The published checks with every preset, and the page that states the results. */
import { describe, expect, test } from 'vitest'

import '../support/workers-platform.ts'
import page from '../../docs/conformance.md?raw'
import type { Report } from '../../src/cli/conformance/report.ts'
import { toPage } from './page.ts'
import { presetNames, runPreset } from './run-all.ts'

const reports: Report[] = []

describe('the published checks', () => {
  test.each(presetNames)('find no failure with the preset %s', async (preset) => {
    const report = await runPreset(preset)
    reports.push(report)
    expect(report.results.filter(({ status }) => status === 'failed')).toEqual([])
  })

  test('have the results that docs/conformance.md states (npm run conformance:page)', () => {
    expect(page).toBe(toPage(reports))
  })
})
