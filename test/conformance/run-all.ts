/** Runs the published checks with every preset. */
import { checks } from '../../src/cli/conformance/checks/index.ts'
import type { Report } from '../../src/cli/conformance/report.ts'
import { toReport } from '../../src/cli/conformance/report.ts'
import { runChecks } from '../../src/cli/conformance/run-checks.ts'
import { presets } from '../../src/providers/index.ts'
import type { PresetName } from '../../src/providers/index.ts'
import { modelOf } from './representative-models.ts'
import { createWorld } from './world.ts'

/** The names of all presets, sorted. */
export const presetNames = Object.keys(presets).toSorted() as PresetName[]

/** Runs all checks with one preset. */
export async function runPreset(preset: PresetName): Promise<Report> {
  const model = modelOf(preset)
  const { access, faults } = await createWorld(preset, model)
  const results = await runChecks(checks, {
    access,
    faults,
    concurrency: 4,
    mayGoOn: () => true,
    onResult: () => {},
    now: () => 0,
  })
  return toReport({ date: '', name: preset, model }, results)
}
