/**
 * The figures that the gateway is held to, and how they are shown. Limits of ratios are 1.25 times what was
 * reached.
 */

/** What is allowed; the floor is an identity proxy in the same runtime. */
export const limits = {
  /** CPU per chunk, times the least loop that translates, which writes once a read. */
  coalesced: 1.15,
  single: 0.75,
  drip: 1.25,
  steady: 1.6,
  /** CPU of a plain request, times the floor; of a start, times an empty Worker. */
  plain: 4.4,
  coldStart: 4.2,
  coldStartBeside: 2.65,
  /** CPU of a request of 400 KiB, of 4 MiB and of 31 MiB, times the least Worker that translates. */
  long: 3.2,
  longer: 2.4,
  longest: 3.25,
  /** What a Worker compiles when it starts, minified. */
  startKib: 375,
  firstEventMs: 0.4,
  /** What `npm start` makes a request wait and costs, over bare workerd. */
  local: 1.3,
  /** Memory of a request that outlives collections of young objects. */
  keptKib: 8,
  /** Resident memory of one more open stream. */
  streamKib: 300,
  /** What JavaScript holds of one that answers a long session. */
  sessionKib: 100,
  /** Memory gained over a thousand streams, MiB: resident, and held by JavaScript. */
  growthMib: 8,
  leakMib: 1,
  /** p99 of other keys' answers beside a hostile one, times the quiet value. */
  beside: 5,
} as const

export interface Figure {
  name: string
  unit: string
  /** None where a figure has no limit. */
  limit?: number
  value: number
  /** What it was made from. */
  note: string
}

/**
 * Whether a figure is a ratio of two measurements in one run, which a slow or busy machine changes little:
 * all that `--check` judges.
 */
export function isRatio({ unit }: Figure): boolean {
  return unit === '×'
}

export function isBroken({ limit, value }: Figure): boolean {
  return limit !== undefined && !(value <= limit)
}

/** One line for each. */
export function toTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { name, unit, limit, value, note } = figure
    const verdict = limit === undefined ? '' : isBroken(figure) ? 'FAIL' : 'ok'
    const allowed = limit === undefined ? '' : `≤ ${limit}${unit}`
    return [name, allowed, `${round(value)}${unit}`, verdict, note]
  })
  const all = [['figure', 'limit', 'measured', '', 'from'], ...rows]
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)))
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function round(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0)
}
