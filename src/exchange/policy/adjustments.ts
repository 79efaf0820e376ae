/** Adjustments of requests that targets were found to need. */
import type { JsonObject } from '../../anthropic/json.ts'
import type { Report } from '../../anthropic/report.ts'
import type { MessagesRequest } from '../../anthropic/request/request.ts'
import type { UpstreamRequest } from '../../dialects/dialect.ts'
import { BoundedCache, cacheBounds } from '../../platform/bounded-cache.ts'

/** A change that makes a target accept a request. It can be applied to any request. */
export interface Adjustment {
  /** Identifies the change, which is applied to a request only once. */
  id: string
  /**
   * Whether it applies to later requests to the same target, of any key, because the refusal did
   * not depend on anything else in the request.
   */
  isLasting: boolean
  /** Changes the client's request before translation. Reports what is lost. */
  toClient: ((json: JsonObject, report: Report) => JsonObject) | undefined
  /** Changes the upstream's request, which was translated from `asked`. Reports what is lost. */
  toUpstream:
    | ((upstream: UpstreamRequest, client: ClientParameters, report: Report) => UpstreamRequest)
    | undefined
  /** Values of `anthropic-beta` that the target does not accept. */
  omittedBetas: readonly string[] | 'all' | undefined
}

type ClientParameters = Pick<MessagesRequest, 'stop_sequences'>

/** Adjusts the client's request; returns the same object if nothing is changed. */
export function adjustClient(
  json: JsonObject,
  adjustments: readonly Adjustment[],
  report: Report,
): JsonObject {
  return adjustments.reduce(
    (adjusted, { toClient }) => toClient?.(adjusted, report) ?? adjusted,
    json,
  )
}

/** Adjusts the upstream's request. */
export function adjustUpstream(
  upstream: UpstreamRequest,
  adjustments: readonly Adjustment[],
  client: ClientParameters,
  report: Report,
): UpstreamRequest {
  return adjustments.reduce(
    (adjusted, { toUpstream }) => toUpstream?.(adjusted, client, report) ?? adjusted,
    upstream,
  )
}

/** Returns the values of `anthropic-beta` without those that the target does not accept. */
export function adjustBetas(
  header: string | null,
  adjustments: readonly Adjustment[],
  report: Report,
): string | null {
  const omitted = adjustments.flatMap(({ omittedBetas }) => omittedBetas ?? [])
  if (header === null || omitted.length === 0) {
    return header
  }
  const betas = header.split(',').map((beta) => beta.trim())
  const kept = betas.filter((beta) => !omitted.includes('all') && !omitted.includes(beta))
  for (const beta of betas.filter((each) => each !== '' && !kept.includes(each))) {
    report.ignore(`betas.${beta}`)
  }
  return kept.join(',')
}

/** The maximal number of adjustments per target. */
const maxAdjustments = 16

/**
 * How long an adjustment is remembered in milliseconds, since providers change what their models
 * accept.
 */
const rememberMs = 600_000

interface LearnedAdjustment {
  adjustment: Adjustment
  /** When the adjustments are forgotten, in epoch milliseconds. */
  expiresAt: number
}

/**
 * The adjustments that targets need, as learned from their refusals, in a bounded cache of the
 * isolate. Only {@link Adjustment.isLasting} ones are remembered, since they are applied to other
 * keys' requests.
 */
export class LearnedAdjustments {
  readonly #known = new BoundedCache<readonly LearnedAdjustment[]>(cacheBounds.adjustments)

  /** Returns the adjustments for a target, `<provider>/<upstream model>`. */
  of(target: string, now: number): readonly Adjustment[] {
    const learned = this.#known.get(target)
    return learned === undefined
      ? none
      : learned.filter(({ expiresAt }) => expiresAt > now).map(({ adjustment }) => adjustment)
  }

  learn(target: string, adjustment: Adjustment, now: number): void {
    if (!adjustment.isLasting) {
      return
    }
    const others = (this.#known.get(target) ?? []).filter(
      ({ adjustment: { id }, expiresAt }) => id !== adjustment.id && expiresAt > now,
    )
    const learned = { adjustment, expiresAt: now + rememberMs }
    this.#known.set(target, [...others, learned].slice(-maxAdjustments))
  }
}

const none: readonly Adjustment[] = []
