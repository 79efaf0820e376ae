/** Sampling parameters, output limit and stop sequences. */
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { TargetModel } from '../../dialect.ts'

/** The quirks for parameters that an upstream refuses, by the upstream's names. */
interface SamplingQuirks {
  drop_params: readonly string[]
  /** Parameters that the upstream refuses while the model thinks. */
  drop_params_thinking: readonly string[]
}

/** The sampling parameters that are sent. */
export interface Sampling {
  temperature?: number
  top_p?: number
  top_k?: number
}

/** The sampling parameters to send; refused ones are reported, and null counts as absent. */
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

/** Whether the target rejects a parameter, by its quirks. */
export function isRefused(name: string, quirks: SamplingQuirks, isThinking: boolean): boolean {
  return (
    quirks.drop_params.includes(name) || (isThinking && quirks.drop_params_thinking.includes(name))
  )
}

/**
 * The output limit: the client's, but at most the model's and at least `least`, as the upstream's
 * `field`. `max_tokens: 0` is answered before it gets here.
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
 * Splits stop sequences into at most `max` for the upstream, and those that the gateway enforces:
 * the rest, and whitespace-only ones, which upstreams trim or refuse.
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
