/** How far estimates are from the truth. */
export interface Figures {
  samples: number
  /** Of the errors, as parts of the truth; above zero is too many. */
  mean: number
  deviation: number
  lowest: number
  highest: number
}

/** Estimates each sample, and counts it. */
export function measure(
  samples: readonly string[],
  estimate: (text: string) => number,
  count: (text: string) => number,
): Figures {
  const errors = samples.map((text) => estimate(text) / count(text) - 1)
  const mean = average(errors)
  return {
    samples: samples.length,
    mean,
    deviation: Math.sqrt(average(errors.map((error) => (error - mean) ** 2))),
    lowest: Math.min(...errors),
    highest: Math.max(...errors),
  }
}

/** A line of a Markdown table. */
export function toRow(labels: readonly string[], figures: Figures): string {
  const cells = [figures.mean, figures.deviation, figures.lowest, figures.highest]
  return `| ${[...labels, figures.samples, ...cells.map(percent)].join(' | ')} |`
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function percent(value: number): string {
  return `${value >= 0 ? '+' : '−'}${Math.abs(value * 100).toFixed(1)} %`
}
