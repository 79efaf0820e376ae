/** Reads lists of results, whatever a back end calls their fields. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, asString, isObject } from '../../anthropic/json.ts'
import type { SearchHit, SearchQuery } from './back-end.ts'

/** The names of a result's fields beside `title`; of several, those that are there are joined. */
export interface HitFields {
  /** `url` by default. */
  url?: string
  text: readonly string[]
  date: string
}

/** Reads the results of a response that has them in the field `list`. */
export function hitsIn(
  list: string,
  fields: HitFields,
): (body: unknown) => SearchHit[] | undefined {
  return (body) => readHits(asObject(body)?.[list], fields)
}

/** The results of a list; undefined if it is none. Results without a URL are omitted. */
export function readHits(list: unknown, fields: HitFields): SearchHit[] | undefined {
  return Array.isArray(list)
    ? list.filter(isObject).flatMap((entry) => readHit(entry, fields))
    : undefined
}

function readHit(entry: JsonObject, fields: HitFields): SearchHit[] {
  const url = asString(entry[fields.url ?? 'url'])
  if (url === undefined) {
    return []
  }
  return [
    {
      url,
      title: asString(entry['title']) ?? '',
      text: fields.text.flatMap((name) => readTexts(entry[name])).join('\n'),
      date: asString(entry[fields.date]),
    },
  ]
}

function readTexts(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values.filter((text) => typeof text === 'string' && text !== '').map(String)
}

/** The query with domain lists as operators, for search engines that have no other filter. */
export function withSiteOperators({ query, allowedHosts, blockedHosts }: SearchQuery): string {
  const allowed = allowedHosts.map((host) => `site:${host}`).join(' OR ')
  const blocked = blockedHosts.map((host) => `-site:${host}`)
  return [query, ...(allowed === '' ? [] : [`(${allowed})`]), ...blocked].join(' ')
}
