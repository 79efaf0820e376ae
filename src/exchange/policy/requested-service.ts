/**
 * Targets by what a request asks of the service besides the model: geography, speed and tier. Operators mark
 * targets that have any; Anthropic's own servers see to the fields themselves. Pure.
 */
import type { ServiceUsage } from '../../anthropic/answer/wire/message.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asString } from '../../anthropic/json.ts'
import type { ServiceMarks } from '../../catalog/resolve/resolved-target.ts'

interface MarkedTarget {
  marks: ServiceMarks
  dialect: { kind: 'translated' | 'pass-through' }
}

/** The value of `inference_geo` that allows every place. */
const anywhere = 'global'

/** The place to which a request is bound; undefined if it may run anywhere. */
export function requestedGeography({ inference_geo: geo }: JsonObject): string | undefined {
  return geo === anywhere ? undefined : asString(geo)
}

/** The targets that may serve a request, those that it prefers first, else in their order. */
export function byService<Target extends MarkedTarget>(
  targets: readonly Target[],
  json: JsonObject,
): Target[] {
  const place = requestedGeography(json)
  const allowed = targets.filter(
    ({ marks, dialect }) =>
      place === undefined ||
      marks.geo === place ||
      (marks.geo === undefined && dialect.kind === 'pass-through'),
  )
  const isPreferred = ({ marks }: Target): boolean =>
    (json['speed'] === 'fast' && marks.speed === 'fast') ||
    (json['service_tier'] === 'auto' && marks.serviceTier === 'priority')
  const isLast = ({ marks }: Target): boolean =>
    json['service_tier'] === 'standard_only' && marks.serviceTier === 'priority'
  const rank = (target: Target): number => (isLast(target) ? 2 : isPreferred(target) ? 0 : 1)
  return allowed.length < 2 ? allowed : allowed.toSorted((a, b) => rank(a) - rank(b))
}

/** What an answer reports about the target that served it, as far as the request asked for it. */
export function toServiceUsage(json: JsonObject, marks: ServiceMarks): ServiceUsage {
  const asks = (field: string): boolean => json[field] !== undefined && json[field] !== null
  return {
    ...(asks('service_tier') ? { service_tier: marks.serviceTier ?? 'standard' } : {}),
    ...(asks('speed') ? { speed: marks.speed ?? 'standard' } : {}),
    ...(asks('inference_geo') ? { inference_geo: marks.geo ?? null } : {}),
  }
}
