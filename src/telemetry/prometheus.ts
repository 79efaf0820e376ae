/**
 * Metrics in Prometheus's text format
 * (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format). Pure.
 */

/** One value of a metric, by its labels. */
export interface Sample {
  labels: Readonly<Record<string, string>>
  value: number
}

/** A metric with all its samples. */
export interface MetricFamily {
  name: string
  help: string
  type: 'counter' | 'gauge'
  samples: readonly Sample[]
}

/** The `content-type` of {@link renderMetrics}. */
export const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8'

/** Writes the families that have samples. */
export function renderMetrics(families: readonly MetricFamily[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, help, type, samples }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...samples.map(({ labels, value }) => `${name}${renderLabels(labels)} ${value}`),
    ])
    .map((line) => `${line}\n`)
    .join('')
}

function renderLabels(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
