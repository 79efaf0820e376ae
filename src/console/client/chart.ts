/** Bars, stacked by series, drawn by uPlot. */
import uPlot from 'uplot'

import type { ChartData } from '../chart-data.ts'

const height = 240

/** Draws the chart whose data the element has in `data-chart`. */
export function drawChart(element: HTMLElement): void {
  const data: ChartData = JSON.parse(element.dataset['chart'] ?? '{}')
  let chart = create(element, data)
  new ResizeObserver(([entry]) => {
    chart.setSize({ width: Math.max(200, entry?.contentRect.width ?? 0), height })
  }).observe(element)
  // Colors are those of the page's scheme.
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    chart.destroy()
    chart = create(element, data)
  })
}

function create(element: HTMLElement, { at, step, unit, series }: ChartData): uPlot {
  const color = (name: string): string => resolveColor(element, name)
  const sums = stack(series.map(({ values }) => values))
  const bars = uPlot.paths.bars?.({ size: [0.7, 40], align: 1 })
  const grid = { stroke: color('--line'), width: 1 }
  const axis = { stroke: color('--muted'), grid, ticks: grid, font: '12px system-ui' }
  const options: uPlot.Options = {
    width: Math.max(200, element.clientWidth),
    height,
    // Names alone: the table below has the figures.
    legend: { live: false },
    cursor: { points: { show: false }, y: false },
    scales: {
      x: { time: true, range: (_, min, max) => [min - step * 0.2, max + step] },
      y: { range: (_, __, max) => [0, max > 0 ? max * 1.05 : 1] },
    },
    axes: [
      { ...axis, grid: { show: false } },
      { ...axis, size: 64, values: (_, splits) => splits.map((value) => toText(value, unit)) },
    ],
    series: [
      {},
      // The highest sum is drawn first, so that the others stand before it.
      ...series
        .map(({ name }, index) => ({
          label: name,
          fill: color(`--series-${index + 1}`),
          stroke: color(`--series-${index + 1}`),
          width: 0,
          points: { show: false },
          ...(bars === undefined ? {} : { paths: bars }),
        }))
        .toReversed(),
    ],
  }
  return new uPlot(options, [at, ...sums.toReversed()], element)
}

/** The color of a custom property in the page's scheme, which a canvas does not know. */
function resolveColor(element: HTMLElement, name: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${name})`
  element.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

/** Sums of each series and those below it. */
function stack(series: readonly number[][]): number[][] {
  const sums: number[][] = []
  for (const values of series) {
    const below = sums.at(-1)
    sums.push(values.map((value, index) => value + (below?.[index] ?? 0)))
  }
  return sums
}

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })
const small = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  maximumSignificantDigits: 2,
})
const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })

function toText(value: number, unit: ChartData['unit']): string {
  if (unit === 'count') {
    return compact.format(value)
  }
  return value !== 0 && Math.abs(value) < 0.1 ? small.format(value) : dollars.format(value)
}
