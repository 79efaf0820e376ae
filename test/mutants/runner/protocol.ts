import type { MutantCoverage } from '@stryker-mutator/api/core'

/** What the two sides of the runner tell each other over a `BroadcastChannel`. */
export const channelName = 'mutants'

export interface RunRequest {
  /** Undefined: the code as it is. */
  mutant: string | undefined
  /** Undefined: all. */
  testIds: readonly string[] | undefined
  hitLimit: number | undefined
}

export interface RunReply {
  tests: readonly TestOutcome[]
  coverage: MutantCoverage
  hitCount: number | undefined
  /** A failed test fails without the mutant too: the worker holds what an earlier mutant left. */
  isSpoiled: boolean
}

export interface TestOutcome {
  id: string
  name: string
  /** Undefined: passed. */
  failure: string | undefined
  milliseconds: number
}
