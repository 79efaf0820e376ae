/**
 * What was not sent upstream as the client asked. A dialect never drops anything in silence: it reports,
 * and the gateway lists the adaptations in the `gateway-adapted` header and the log line, or refuses the
 * request where the client asked for that (`gateway-strict: ?1`).
 */

/** `ignore`: sent by clients as a matter of course and without effect here; never fails strict mode. */
export type Action = 'drop' | 'map' | 'ignore'

export interface Adaptation {
  /** Path into the client's body, dotted, as in Anthropic's error messages. */
  field: string
  action: Action
  /** For `map`: what it became. */
  value?: string
}

/** Collects adaptations of one request; the same field and action are kept once. */
export interface Report {
  readonly adaptations: readonly Adaptation[]
  drop(field: string): void
  map(field: string, value: string): void
  ignore(field: string): void
}

/** An empty report. */
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
 * The `gateway-adapted` header: an RFC 9651 list such as `"top_k";drop, "tools.0.name";map="x"`,
 * at most 20 items and then `more=N`. Undefined where there is nothing to say.
 */
export function toAdaptedHeader(adaptations: readonly Adaptation[]): string | undefined {
  if (adaptations.length === 0) {
    return undefined
  }
  // What was lost comes first, so that the limit hides what does not matter.
  const sorted = adaptations.toSorted((a, b) => rank[a.action] - rank[b.action])
  const items = sorted.slice(0, maxListed).map(({ field, action, value }) => {
    const parameter = value === undefined ? action : `${action}=${quoteString(value)}`
    return `${quoteString(field)};${parameter}`
  })
  const more = adaptations.length - items.length
  return more === 0 ? items.join(', ') : `${items.join(', ')}, "more";more=${more}`
}

/** Text as an RFC 9651 string, which holds printable ASCII only. */
export function quoteString(text: string): string {
  const ascii = text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')
  return `"${ascii}"`
}
