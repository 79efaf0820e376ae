/** Temperature and its kin, and the length of the answer. */
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { TargetModel } from '../../dialect.ts'

/** What an upstream refuses, by its own names, as dialects have it among their quirks. */
interface SamplingQuirks {
  drop_params: readonly string[]
  /** The same, only while the model thinks. */
  drop_params_thinking: readonly string[]
}

export interface Sampling {
  temperature?: number
  top_p?: number
  top_k?: number
}

/** What is refused is reported; null is absent. */
export function toSampling(
  request: MessagesRequest,
  quirks: SamplingQuirks,
  isThinking: boolean,
  report: Report,
): Sampling {
  const sampling: Sampling = {}
  for (const name of ['temperature', 'top_p', 'top_k'] as const) {
    const value = request[name]
    if (value === null || value === undefined) {
      continue
    }
    if (isRefused(name, quirks, isThinking)) {
      report.drop(name)
    } else {
      sampling[name] = value
    }
  }
  return sampling
}

export function isRefused(name: string, quirks: SamplingQuirks, isThinking: boolean): boolean {
  return (
    quirks.drop_params.includes(name) || (isThinking && quirks.drop_params_thinking.includes(name))
  )
}

/**
 * As many tokens as the client wants and the model has, in the upstream's field of that name, but no
 * fewer than it takes; 0 is for the route to answer.
 */
export function toMaxTokens(
  wanted: number,
  { limits }: TargetModel,
  { field, least, report }: { field: string; least: number; report: Report },
): number {
  const tokens = Math.max(least, Math.min(wanted, limits.maxOutputTokens ?? wanted))
  if (tokens !== wanted && wanted > 0) {
    report.map('max_tokens', `${field}=${tokens}`)
  }
  return tokens
}

/**
 * Stop sequences for the upstream, at most `max` of them, and those that are left for the gateway to
 * enforce: the rest, and those of white space alone, which upstreams trim or refuse.
 */
export function splitStops(
  { stop_sequences: sequences }: Pick<MessagesRequest, 'stop_sequences'>,
  max: number,
): { sent: string[]; enforced: string[] } {
  const distinct = [...new Set(sequences ?? [])].filter((sequence) => sequence !== '')
  const sent = distinct.filter((sequence) => sequence.trim() !== '').slice(0, max)
  const isSent = new Set(sent)
  return { sent, enforced: distinct.filter((sequence) => !isSent.has(sequence)) }
}
