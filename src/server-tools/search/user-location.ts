import { asObject, asString } from '../../anthropic/json.ts'
import type { SearchLocation } from '../../dialects/web-search.ts'

/** Reads the `user_location` of a client's entry; undefined if it has none. */
export function readLocation(value: unknown): SearchLocation | undefined {
  const location = asObject(value)
  return (
    location && {
      city: asString(location['city']),
      region: asString(location['region']),
      country: asString(location['country'])?.toUpperCase(),
      timezone: asString(location['timezone']),
    }
  )
}
