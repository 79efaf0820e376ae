/** Reports of a run: the table for a terminal, the score, and the JSON document. */
import type { Status, Tokens } from './finding.ts'
import type { CheckResult } from './run-checks.ts'

/** The statuses in the order of reports. */
export const statuses: readonly Status[] = [
  'full',
  'adapted',
  'partial',
  'refused',
  'failed',
  'skipped',
]

/** What a check counts for in the score; what was skipped does not count at all. */
const weights: Record<Exclude<Status, 'skipped'>, number> = {
  full: 1,
  adapted: 0.75,
  partial: 0.5,
  refused: 0.25,
  failed: 0,
}

/** The JSON document of a run. */
export interface Report {
  version: 1
  /** ISO 8601. */
  date: string
  /** A name for tables, given on the command line. */
  name: string
  model: string
  score: number
  counts: Record<Status, number>
  requests: number
  tokens: Tokens
  results: readonly CheckResult[]
}

/** Makes the document of a run. */
export function toReport(
  head: Pick<Report, 'date' | 'name' | 'model'>,
  results: readonly CheckResult[],
): Report {
  return {
    version: 1,
    ...head,
    score: scoreOf(results),
    counts: countStatuses(results),
    requests: sum(results, ({ requests }) => requests),
    tokens: {
      input: sum(results, ({ tokens }) => tokens.input),
      output: sum(results, ({ tokens }) => tokens.output),
    },
    results,
  }
}

/** The mean of what checks count for, in percent with one decimal; 0 if all were skipped. */
export function scoreOf(results: readonly Pick<CheckResult, 'status'>[]): number {
  const counted = results.flatMap(({ status }) => (status === 'skipped' ? [] : [weights[status]]))
  const total = counted.reduce((one, other) => one + other, 0)
  return counted.length === 0 ? 0 : Math.round((total / counted.length) * 1000) / 10
}

/** How many checks have each status. */
export function countStatuses(
  results: readonly Pick<CheckResult, 'status'>[],
): Record<Status, number> {
  const counts = { full: 0, adapted: 0, partial: 0, refused: 0, failed: 0, skipped: 0 }
  for (const { status } of results) {
    counts[status] += 1
  }
  return counts
}

/** The counts in words: `98 full, 3 partial`. */
export function describeCounts(counts: Record<Status, number>): string {
  return statuses
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`)
    .join(', ')
}

function sum(results: readonly CheckResult[], of: (result: CheckResult) => number): number {
  return results.reduce((total, result) => total + of(result), 0)
}
