/**
 * The destinations of telemetry, by the variables of OpenTelemetry's specification
 * (https://opentelemetry.io/docs/specs/otel/protocol/exporter/), so that every vendor's instructions apply.
 */
import type { Attributes } from './span.ts'

/** The kinds of telemetry, as OTLP's paths name them. */
export const signals = ['traces', 'metrics', 'logs'] as const

/** A signal of OpenTelemetry. */
export type Signal = (typeof signals)[number]

/** An OTLP/HTTP endpoint. */
export interface Endpoint {
  url: string
  headers: Readonly<Record<string, string>>
}

/** A set of names for attributes. */
export type Convention = 'gen_ai' | 'openinference' | 'langfuse'

/** The endpoints of telemetry, the share of requests that are traced, and attributes of the resource. */
export interface TelemetrySettings {
  /** Returns where a signal is sent; undefined for one that is not. */
  endpoint: (signal: Signal) => Endpoint | undefined
  /** The names that spans use; never empty. */
  conventions: readonly Convention[]
  /** The share of traces to export, from 0 to 1. */
  ratio: number
  /** Attributes of the service. */
  resource: Attributes
}

type ReadVar = (name: string) => string | undefined

/** Reads the settings; undefined where nothing is sent. */
export function readTelemetry(read: ReadVar): TelemetrySettings | undefined {
  const endpoints = new Map(signals.map((signal) => [signal, readEndpoint(read, signal)]))
  if ([...endpoints.values()].every((endpoint) => endpoint === undefined)) {
    return undefined
  }
  const ratio = Number(read('OTEL_TRACES_SAMPLER_ARG') ?? 1)
  return {
    endpoint: (signal) => endpoints.get(signal),
    conventions: toConventions(read('TELEMETRY_SEMCONV') ?? ''),
    ratio: ratio >= 0 && ratio <= 1 ? ratio : 1,
    resource: {
      'service.name': read('OTEL_SERVICE_NAME') ?? 'messages-gateway',
      ...readPairs(read('OTEL_RESOURCE_ATTRIBUTES')),
    },
  }
}

/** An endpoint of one signal is used as it is; to the one of all signals a path is added. */
function readEndpoint(read: ReadVar, signal: Signal): Endpoint | undefined {
  const name = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}`
  const base = read('OTEL_EXPORTER_OTLP_ENDPOINT')
  const shared = base && `${base.replace(/(?<!\/)\/+$/, '')}/v1/${signal}`
  const url = read(`${name}_ENDPOINT`) ?? shared
  const headers = read(`${name}_HEADERS`) ?? read('OTEL_EXPORTER_OTLP_HEADERS')
  return url === undefined ? undefined : { url, headers: readPairs(headers) }
}

/** Reads `name=value,name=value`, in which values are percent-encoded. */
function readPairs(text = ''): Record<string, string> {
  const pairs = text.split(',').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim()
    return at < 1 || name === '' ? [] : [[name, decode(pair.slice(at + 1).trim())]]
  })
  return Object.fromEntries(pairs)
}

/** Decodes a value; one with an invalid `%` is taken literally. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

const conventions: readonly Convention[] = ['gen_ai', 'openinference', 'langfuse']

/** `both` is the first two. */
function toConventions(text: string): readonly Convention[] {
  const named = text.split(',').map((name) => name.trim())
  const all = new Set(
    named.flatMap((name) => (name === 'both' ? ['gen_ai', 'openinference'] : [name])),
  )
  const known = conventions.filter((name) => all.has(name))
  return known.length === 0 ? ['gen_ai'] : known
}
