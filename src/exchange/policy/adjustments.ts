import type { JsonObject } from '../../anthropic/json.ts'
import type { Report } from '../../anthropic/report.ts'
import type { MessagesRequest } from '../../anthropic/request/request.ts'
import type { UpstreamRequest } from '../../dialects/dialect.ts'
/** Changes to requests that targets have been found to need. */
import { BoundedCache, cacheBounds } from '../../platform/bounded-cache.ts'

/** A change to a request that makes a target accept it. Pure: it may be applied to any request. */
export interface Adjustment {
  /** Says what it changes. A request that has it is not adjusted in the same way again. */
  id: string
  /**
   * Whether it is good for later requests to the same target, of any key: then the refusal did not
   * depend on anything else in the request.
   */
  isLasting: boolean
  /** Changes what the client sent, before it is translated. Reports what is lost. */
  toClient: ((json: JsonObject, report: Report) => JsonObject) | undefined
  /** Changes the upstream's request, which was translated from `asked`. Reports what is lost. */
  toUpstream:
    | ((upstream: UpstreamRequest, asked: Asked, report: Report) => UpstreamRequest)
    | undefined
  /** Values of `anthropic-beta` that the target does not accept. */
  omittedBetas: readonly string[] | 'all' | undefined
}

type Asked = Pick<MessagesRequest, 'stop_sequences'>

/** What the client sent, adjusted: the same object where nothing is changed. */
export function adjustClient(
  json: JsonObject,
  adjustments: readonly Adjustment[],
  report: Report,
): JsonObject {
  return adjustments.reduce((left, { toClient }) => toClient?.(left, report) ?? left, json)
}

/** The upstream's request, adjusted. */
export function adjustUpstream(
  upstream: UpstreamRequest,
  adjustments: readonly Adjustment[],
  asked: Asked,
  report: Report,
): UpstreamRequest {
  return adjustments.reduce(
    (left, { toUpstream }) => toUpstream?.(left, asked, report) ?? left,
    upstream,
  )
}

/** The values of the header `anthropic-beta`, without those that the target does not accept. */
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

/** Adjustments for each target. */
const maxAdjustments = 16

/** How long an adjustment is remembered: providers change what their models take. */
const rememberMs = 600_000

interface Learned {
  adjustment: Adjustment
  /** In epoch milliseconds. */
  expiresAt: number
}

/**
 * Which adjustments a target needs, as learned from its refusals: in an isolate's memory, bounded. Only
 * what is {@link Adjustment.isLasting} is remembered, since other keys' requests are adjusted by it.
 */
export class LearnedAdjustments {
  readonly #known = new BoundedCache<readonly Learned[]>(cacheBounds.adjustments)

  /** `target`: `<provider>/<upstream model>`. */
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
