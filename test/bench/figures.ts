/** The figures that the gateway is held to, and how they are told. */

/** What is allowed; the floor is an identity proxy in the same runtime. */
export const limits = {
  /** CPU per chunk, times the floor. */
  coalesced: 8,
  single: 4.5,
  drip: 3.5,
  /** Over the least loop that translates. */
  steady: 1.45,
  /** Milliseconds over the floor. */
  plainCpuMs: 0.25,
  plainMs: 0.3,
  firstEventMs: 0.4,
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
  bundleKib: 150,
  /** CPU to the first answer, over an empty Worker. */
  coldStartMs: 20,
} as const

export interface Figure {
  name: string
  unit: string
  /** None where a figure is only told. */
  limit?: number
  value: number
  /** What it was made from. */
  note: string
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
