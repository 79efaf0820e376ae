/**
 * Runs in a worker of Vitest: loads all tests once, then runs those that each request names, with its mutant
 * switched on. No module of src/ has state of its own, so that a run leaves nothing to the next one; a failure is
 * repeated without the mutant to prove it.
 */
/* oxlint-disable unicorn/require-post-message-target-origin -- a BroadcastChannel has no targets */
import { globSync } from 'node:fs'
import { resolve } from 'node:path'

import type { MutantCoverage } from '@stryker-mutator/api/core'
import { describe, test, TestRunner, vi } from 'vitest'
import type { RunnerTask, RunnerTestCase, RunnerTestSuite } from 'vitest'

import { channelName } from './protocol.ts'
import type { RunReply, RunRequest, TestOutcome } from './protocol.ts'

/** What instrumented code reads and writes, in `globalThis.__stryker__`. */
interface Instrumentation {
  activeMutant?: string | undefined
  hitCount?: number | undefined
  hitLimit?: number | undefined
  currentTestId?: string | undefined
  mutantCoverage: MutantCoverage
}

const code: Instrumentation = { mutantCoverage: { static: {}, perTest: {} } }
Reflect.set(globalThis, '__stryker__', code)

/**
 * The tests of the code that `stryker.config.json` names, in Node: without those that measure time, and without
 * state machines, which take seconds for each mutant and find another fault each time.
 */
const paths = globSync(
  [
    'test/{keys,ledger,exchange,upstream,platform,catalog}/**/*.test.ts',
    'test/anthropic/signature.test.ts',
    'test/dialects/{gemini,openai-chat,shared/errors}/**/*.test.ts',
  ],
  { exclude: ['**/*state-machine.test.ts'] },
)

for (const path of paths.sort()) {
  describe(path, async () => {
    await import(/* @vite-ignore */ resolve(path))
  })
}

test.only('runs what is asked for', { timeout: 0 }, async ({ task }) => {
  const all = task.file.tasks.flatMap(walk)
  const tests = new Map(all.flatMap((each) => (each.type === 'test' ? [[each.id, each]] : [])))
  tests.delete(task.id)
  for (const suite of all.filter((each) => each.type === 'suite')) {
    await runHooks(suite, 'beforeAll')
  }

  const channel = new BroadcastChannel(channelName)
  await new Promise<void>((stop) => {
    channel.addEventListener('message', ({ data }: { data: RunRequest | 'stop' }) => {
      if (data === 'stop') {
        stop()
        return
      }
      const ids = data.testIds ?? [...tests.keys()]
      const asked = ids.flatMap((id) => tests.get(id) ?? [])
      void run(data, asked).then((reply) => channel.postMessage(reply))
    })
    channel.postMessage('ready')
  })
  channel.close()
})

/** A run with a mutant ends at its first failure. */
async function run(request: RunRequest, tests: readonly RunnerTestCase[]): Promise<RunReply> {
  const { mutant, hitLimit } = request
  const outcomes: TestOutcome[] = []
  let isSpoiled = false

  Object.assign(code, { activeMutant: mutant, hitLimit, hitCount: mutant && 0 })
  for (const each of tests) {
    code.currentTestId = mutant === undefined ? each.id : undefined
    const outcome = await runTest(each)
    outcomes.push(outcome)
    if (mutant !== undefined && outcome.failure !== undefined) {
      code.activeMutant = undefined
      isSpoiled = (await runTest(each)).failure !== undefined
      break
    }
  }
  const { hitCount, mutantCoverage } = code
  Object.assign(code, {
    activeMutant: undefined,
    currentTestId: undefined,
    mutantCoverage: { static: {}, perTest: {} },
  })
  return {
    tests: outcomes,
    coverage: mutantCoverage,
    hitCount,
    isSpoiled,
  }
}

async function runTest(task: RunnerTestCase): Promise<TestOutcome> {
  const start = performance.now()
  const failure = await failureOf(task)
  const milliseconds = performance.now() - start
  return { id: task.id, name: nameOf(task), failure, milliseconds }
}

async function failureOf(task: RunnerTestCase): Promise<string | undefined> {
  const suites = suitesAround(task)
  try {
    for (const suite of suites) {
      await runHooks(suite, 'beforeEach', task)
    }
    await TestRunner.getTestFn(task)()
    return undefined
  } catch (error) {
    return String(error)
  } finally {
    for (const suite of suites.toReversed()) {
      await runHooks(suite, 'afterEach', task)
    }
    vi.useRealTimers()
  }
}

type Hook = 'beforeAll' | 'beforeEach' | 'afterEach'

async function runHooks(suite: RunnerTestSuite, name: Hook, task?: RunnerTestCase): Promise<void> {
  for (const hook of TestRunner.getSuiteHooks(suite)[name]) {
    await Reflect.apply(hook, undefined, task === undefined ? [suite] : [task.context, suite])
  }
}

function walk(task: RunnerTask): RunnerTask[] {
  return task.type === 'suite' ? [task, ...task.tasks.flatMap(walk)] : [task]
}

/** From the outermost. */
function suitesAround(task: RunnerTask): RunnerTestSuite[] {
  return task.suite === undefined ? [] : [...suitesAround(task.suite), task.suite]
}

/** Begins with the path of the test file. */
function nameOf(task: RunnerTask): string {
  return [...suitesAround(task), task].map(({ name }) => name).join(' > ')
}
