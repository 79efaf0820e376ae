/** `npm run conformance:page`: writes docs/conformance.md. */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { toPage } from './page.ts'
import { presetNames, runPreset } from './run-all.ts'

const reports = []
for (const name of presetNames) {
  reports.push(await runPreset(name))
}
writeFileSync(resolve(import.meta.dirname, '../../docs/conformance.md'), toPage(reports))
// Timers of idle requests would keep the process.
process.exit(0)
