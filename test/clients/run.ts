/**
 * Real clients against `npm start`: the pinned drivers beside the repository, the examples as they are
 * printed by curl and Python. `npm run test:clients -- [--all] [--jobs N] [--model M] [driver…]`
 *
 * `--first-target-fails` puts a target before the demo that fails every request.
 * Without a model or a driver's name, a few drivers are run through each protocol of the demo.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { runAutoMode } from './auto-mode.ts'
import { runOnBudget } from './budget.ts'
import { haveDrivers, runDrivers } from './drivers.ts'
import { examples, runExample } from './examples.ts'
import { startFailingTarget } from './failing-target.ts'
import { runMcp } from './mcp.ts'
import { python } from './python.ts'
import { sdks } from './sdk.ts'
import { runSignIn } from './sign-in.ts'
import { startGateway } from './target.ts'
import type { Target } from './target.ts'
import { runWebSearch } from './web-search.ts'

const defaultModel = 'claude-sonnet-4-6'

/** The other protocols that the demo speaks, and a driver of each kind of client. */
const protocols = ['claude-demo-responses', 'claude-demo-gemini']
const fewDrivers = ['sdk', 'ai-sdk', 'claude-code']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
    model: { type: 'string', default: defaultModel },
    'first-target-fails': { type: 'boolean', default: false },
  },
})

const tally = { passed: 0, failed: 0 }
const folder = await mkdtemp(join(tmpdir(), 'messages-gateway-clients-'))
const failing = values['first-target-fails'] ? await startFailingTarget(folder) : undefined
const gateway = await startGateway(failing?.catalog)
process.once('SIGINT', () => void gateway.stop().then(() => process.exit(130)))
try {
  await runAll({ ...gateway, model: values.model })
} finally {
  await gateway.stop()
  failing?.stop()
  await rm(folder, { recursive: true, force: true })
}
if (failing !== undefined) {
  report(
    `the first target failed ${failing.failed()} requests`,
    failing.failed() > 0 ? undefined : 'none',
  )
}
console.log(`${tally.passed} passed, ${tally.failed} failed`)
process.exitCode = tally.failed === 0 ? 0 : 1

async function runAll(target: Target): Promise<void> {
  const cache = process.env['PKGS'] ?? join(tmpdir(), 'messages-gateway-clients')
  if (haveDrivers()) {
    const { all } = values
    await runDrivers(target, { cache, all, jobs: Number(values.jobs), names: positionals }, report)
    if (positionals.length === 0 && values.model === defaultModel) {
      await runProtocols(target, cache)
      await runWebSearch(target, { cache, folder }, report)
      await runAutoMode({ cache, folder, model: defaultModel }, report)
      await runOnBudget(cache, report)
      await runSignIn(cache, report)
    }
  } else {
    console.log('../shared/clients is not there: SDKs, curl and Python only')
    for (const [name, converse] of Object.entries(sdks)) {
      report(name, await converse(target).then(() => undefined, String))
    }
  }
  if (positionals.length === 0) {
    const interpreter = await python(cache)
    await runMcp({ folder, model: defaultModel, interpreter }, report)
    for (const example of await examples(target)) {
      report(example.name, await runExample(example, target, interpreter))
    }
  }
}

async function runProtocols(target: Target, cache: string): Promise<void> {
  for (const model of protocols) {
    await runDrivers(
      { ...target, model },
      { cache, all: false, jobs: Number(values.jobs), names: fewDrivers },
      (name, failure) => report(`${name} (${model})`, failure),
    )
  }
}

/** One line each, and the count. */
function report(name: string, failure: string | undefined): void {
  tally[failure === undefined ? 'passed' : 'failed'] += 1
  const why = failure?.replace(/\s+/g, ' ').trim().slice(-400)
  console.log(why === undefined ? `${name} ok` : `${name} FAIL ${why}`)
}
