/** How targets do, by the attempts in the latest log lines. Pure. */
import type { StoredLine } from './line.ts'

/** The health of a target over the last five minutes; latencies are in milliseconds. */
export interface TargetHealth {
  last_success_at: string | null
  /** Attempts of the last five minutes, and those of them that failed. */
  attempts_5m: number
  failed_5m: number
  /** Milliseconds until the response headers of attempts that succeeded; null without one. */
  p50_ms: number | null
  p95_ms: number | null
}

const recentMs = 300_000

/** Measures the targets that the lines name. `now` in epoch milliseconds. */
export function measureTargets(
  lines: readonly StoredLine[],
  now: number,
): Map<string, TargetHealth> {
  const attempts = lines.flatMap(({ at, line }) =>
    (line.attempts ?? []).map((attempt) => ({ ...attempt, at })),
  )
  const byTarget = Map.groupBy(attempts, ({ target }) => target)
  return new Map(
    [...byTarget].map(([target, all]) => {
      const recent = all.filter(({ at }) => at > now - recentMs)
      const good = all.filter(({ failed }) => failed === undefined)
      const times = good.map(({ ms }) => ms).toSorted((a, b) => a - b)
      const last = good.reduce((latest, { at }) => Math.max(latest, at), 0)
      return [
        target,
        {
          last_success_at: last === 0 ? null : new Date(last).toISOString(),
          attempts_5m: recent.length,
          failed_5m: recent.filter(({ failed }) => failed !== undefined).length,
          p50_ms: quantile(times, 0.5),
          p95_ms: quantile(times, 0.95),
        },
      ]
    }),
  )
}

function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null
}
