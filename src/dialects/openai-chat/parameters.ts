/** Sampling, length, stop sequences and streaming. */
import type { Report } from '../../anthropic/report.ts'
import type { MessagesRequest } from '../../anthropic/request.ts'
import type { Target } from '../dialect.ts'
import type { ChatQuirks } from './quirks.ts'
import type { ChatParameters } from './wire.ts'

/** As many tokens as the client wants and the model has; 0 is for the route to answer. */
export function toMaxTokens(wanted: number, target: Target<ChatQuirks>, report: Report): number {
  const limit = target.limits.maxOutputTokens ?? wanted
  if (limit < wanted) {
    report.map('max_tokens', `${target.quirks.max_tokens_field}=${limit}`)
  }
  return Math.max(1, Math.min(wanted, limit))
}

/** Temperature and its kin; what the upstream refuses is reported, null is absent. */
export function toSampling(
  request: MessagesRequest,
  quirks: ChatQuirks,
  isThinking: boolean,
  report: Report,
): Pick<ChatParameters, 'temperature' | 'top_p' | 'top_k'> {
  const sampling: Pick<ChatParameters, 'temperature' | 'top_p' | 'top_k'> = {}
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

/** Stop sequences for the upstream, and those that are left for the gateway. */
export function toStops(
  request: MessagesRequest,
  quirks: ChatQuirks,
  isThinking: boolean,
): { fields: Pick<ChatParameters, 'stop'>; enforced: string[] } {
  const sequences = [...new Set(request.stop_sequences ?? [])].filter((sequence) => sequence !== '')
  const isOurs = quirks.stop === 'gateway' || isRefused('stop', quirks, isThinking)
  const stop = sequences.slice(0, isOurs ? 0 : Number(quirks.stop))
  return {
    fields: stop.length === 0 ? {} : { stop },
    enforced: sequences.slice(stop.length),
  }
}

function isRefused(
  name: ChatQuirks['drop_params'][number],
  quirks: ChatQuirks,
  isThinking: boolean,
): boolean {
  return (
    quirks.drop_params.includes(name) || (isThinking && quirks.drop_params_thinking.includes(name))
  )
}

/** `isStream` is what the upstream is asked, whatever the client asked. */
export function toStreaming(
  isStream: boolean,
  quirks: ChatQuirks,
): Pick<ChatParameters, 'stream' | 'stream_options'> {
  if (!isStream) {
    return {}
  }
  return {
    stream: true,
    ...(quirks.stream_usage ? { stream_options: { include_usage: true } } : {}),
  }
}
