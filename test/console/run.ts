/**
 * The console in a real browser, against `npm start`: `npm run test:console -- [--screenshots] [name…]`. It needs
 * Chromium (`CHROMIUM` is its path, `/usr/bin/chromium` by default). `--screenshots` writes those of the documents.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { root, startGateway } from '../clients/target.ts'
import { launch } from './browser.ts'
import { checkCatalog } from './scenarios/catalog.ts'
import { checkKeys } from './scenarios/keys.ts'
import { checkMember } from './scenarios/member.ts'
import { checkPages } from './scenarios/pages.ts'
import { checkPlayground } from './scenarios/playground.ts'
import type { Scenario, Tools } from './scenarios/scenario.ts'
import { signIn } from './scenarios/scenario.ts'
import { checkWithoutScripts } from './scenarios/without-scripts.ts'

const scenarios: readonly Scenario[] = [
  ...checkKeys,
  ...checkMember,
  ...checkCatalog,
  ...checkPlayground,
  ...checkWithoutScripts,
  ...checkPages,
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { screenshots: { type: 'boolean', default: false } },
})

const folder = values.screenshots ? join(root, 'docs/guides/images') : undefined
if (folder !== undefined) {
  await mkdir(folder, { recursive: true })
}
const gateway = await startGateway(undefined, '--example-data')
const browser = await launch()
let failed = 0
try {
  const tools: Tools = {
    browser,
    gateway,
    screenshots: folder,
    operator: await signIn(browser, gateway),
  }
  const wanted = scenarios.filter(
    ({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)),
  )
  for (const { name, run } of wanted) {
    try {
      await run(tools)
      console.log(`ok    ${name}`)
    } catch (error) {
      failed += 1
      console.log(`FAIL  ${name}\n      ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  console.log(`${wanted.length - failed} passed, ${failed} failed`)
} finally {
  await browser.close()
  await gateway.stop()
}
process.exitCode = failed === 0 ? 0 : 1
