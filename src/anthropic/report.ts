/**
 * The differences between the client's request and what was sent upstream. A dialect drops nothing
 * silently: it reports adaptations, and the gateway lists them in the `gateway-adapted` header and
 * the log line, or rejects the request if the client asked for that (`gateway-strict: ?1`).
 */

/**
 * What happened to a field. `ignore`: always sent by clients and without effect here; never fails
 * strict mode.
 */
export type Action = 'drop' | 'map' | 'ignore'

/** One adaptation: the path of a field in the client's body, and what became of it. */
export interface Adaptation {
  /** Dotted path of the field in the client's body, as in Anthropic's error messages. */
  field: string
  action: Action
  /** The new value, for `map`. */
  value?: string
}

/** Collects adaptations of one request; the same field and action are kept once. */
export interface Report {
  readonly adaptations: readonly Adaptation[]
  drop(field: string): void
  map(field: string, value: string): void
  ignore(field: string): void
}

/** Creates an empty report. */
export function createReport(): Report {
  const adaptations: Adaptation[] = []
  const seen = new Set<string>()
  const add = (adaptation: Adaptation): void => {
    const key = `${adaptation.action} ${adaptation.field}`
    if (!seen.has(key)) {
      seen.add(key)
      adaptations.push(adaptation)
    }
  }
  return {
    adaptations,
    drop: (field) => add({ field, action: 'drop' }),
    map: (field, value) => add({ field, action: 'map', value }),
    ignore: (field) => add({ field, action: 'ignore' }),
  }
}

const maxListed = 20

const rank: Record<Action, number> = { drop: 0, map: 1, ignore: 2 }

/**
 * The `gateway-adapted` header: an RFC 9651 list such as `"top_k";drop, "tools.0.name";map="x"`, at
 * most 20 items and then `more=N`. Undefined if there are no adaptations.
 */
export function toAdaptedHeader(adaptations: readonly Adaptation[]): string | undefined {
  if (adaptations.length === 0) {
    return undefined
  }
  // Losses come first, so that the limit hides less important items.
  const sorted = adaptations.toSorted((a, b) => rank[a.action] - rank[b.action])
  const items = sorted.slice(0, maxListed).map(({ field, action, value }) => {
    const parameter = value === undefined ? action : `${action}=${quoteString(value)}`
    return `${quoteString(field)};${parameter}`
  })
  const more = adaptations.length - items.length
  return more === 0 ? items.join(', ') : `${items.join(', ')}, "more";more=${more}`
}

/** Quotes text as an RFC 9651 string, which may contain only printable ASCII. */
export function quoteString(text: string): string {
  const ascii = text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')
  return `"${ascii}"`
}
