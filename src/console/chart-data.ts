/** What a chart of stacked bars shows, as a page gives it to the script. Types only. */

/** The data of a chart of stacked bars. */
export interface ChartData {
  /** The starts of the bars, in epoch seconds. */
  at: number[]
  /** Seconds from one bar to the next. */
  step: number
  unit: 'usd' | 'count'
  /** The lowest one first; a value per bar. */
  series: { name: string; values: number[] }[]
}
