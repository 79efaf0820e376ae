/**
 * A test runner for Stryker that loads the tests once, in one worker of Vitest, and switches mutants on there.
 * Stryker's own runner for Vitest starts a worker for every mutant, which takes a second each.
 */
/* oxlint-disable unicorn/require-post-message-target-origin -- a BroadcastChannel has no targets */
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin'
import type { Injector, PluginContext } from '@stryker-mutator/api/plugin'
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner'
import type {
  CompleteDryRunResult,
  DryRunResult,
  MutantRunOptions,
  MutantRunResult,
  TestResult,
  TestRunner,
  TestRunnerCapabilities,
} from '@stryker-mutator/api/test-runner'
import { createVitest } from 'vitest/node'
import type { Vitest } from 'vitest/node'

import { channelName } from './protocol.ts'
import type { RunReply, RunRequest, TestOutcome } from './protocol.ts'

class LoadedTests implements TestRunner {
  readonly #channel = new BroadcastChannel(channelName)
  #vitest: Vitest | undefined

  /** No mutant needs its environment loaded again: those that do are left out (`ignoreStatic`). */
  capabilities(): TestRunnerCapabilities {
    return { reloadEnvironment: true }
  }

  async init(): Promise<void> {
    this.#vitest = await createVitest('test', {
      config: 'test/mutants/vitest.config.ts',
      pool: 'threads',
      watch: false,
    })
    const run = this.#vitest.start()
    const ended = await Promise.race([this.#nextMessage().then(() => undefined), run])
    if (ended !== undefined) {
      const errors = ended.testModules.flatMap((each) =>
        each.errors().map(({ message }) => message),
      )
      throw new Error(`The tests cannot be loaded: ${errors.join('; ')}`)
    }
  }

  async dryRun(): Promise<DryRunResult> {
    const reply = await this.#run({ mutant: undefined, testIds: undefined, hitLimit: undefined })
    return { ...toResult(reply), mutantCoverage: reply.coverage }
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, testFilter, hitLimit } = options
    const reply = await this.#run({ mutant: activeMutant.id, testIds: testFilter, hitLimit })
    const timeout = determineHitLimitReached(reply.hitCount, hitLimit)
    // Stryker starts another process and repeats the run there.
    if (reply.isSpoiled && timeout === undefined) {
      throw new Error('A test fails without the mutant, too')
    }
    return toMutantRunResult(timeout ?? toResult(reply))
  }

  async dispose(): Promise<void> {
    this.#channel.postMessage('stop')
    this.#channel.close()
    await this.#vitest?.close()
  }

  async #run(request: RunRequest): Promise<RunReply> {
    const reply = this.#nextMessage<RunReply>()
    this.#channel.postMessage(request)
    return reply
  }

  async #nextMessage<T>(): Promise<T> {
    return new Promise((resolve) => {
      this.#channel.addEventListener('message', ({ data }: { data: T }) => resolve(data), {
        once: true,
      })
    })
  }
}

function toResult({ tests }: RunReply): CompleteDryRunResult {
  return { status: DryRunStatus.Complete, tests: tests.map(toTestResult) }
}

function toTestResult({ id, name, failure, milliseconds }: TestOutcome): TestResult {
  const test = { id, name, timeSpentMs: milliseconds }
  return failure === undefined
    ? { ...test, status: TestStatus.Success }
    : { ...test, status: TestStatus.Failed, failureMessage: failure }
}

function create(injector: Injector<PluginContext>): LoadedTests {
  return injector.injectClass(LoadedTests)
}
create.inject = tokens(commonTokens.injector)

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'loaded', create)]
