/**
 * `$ref` for upstreams that do not follow it: every reference becomes what it points to. A schema that
 * holds itself cannot be written so; where it comes again, an object of any shape stands for it.
 */
import { asString, isObject } from '../../../anthropic/json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import { mapInner, omitKeys } from './schema-walk.ts'

const references = new Set(['$ref', '$dynamicRef'])
const definitions = new Set(['$defs', 'definitions'])

/** Definitions that use one another several times multiply; more than this is refused a place. */
const maxReferences = 1000

/** The schema without `$ref` and definitions. What a reference says beside it (a description) stays. */
export function inlineReferences(root: JsonObject, path: string, report: Report): JsonObject {
  let count = 0

  function inline(schema: JsonObject, at: string, inside: readonly string[]): JsonObject {
    const reference = asString(schema['$ref'] ?? schema['$dynamicRef'])
    if (reference === undefined) {
      return mapInner(omitKeys(schema, definitions), at, (inner, innerAt) =>
        inline(inner, innerAt, inside),
      )
    }
    const beside = omitKeys(schema, references)
    const target = follow(root, reference)
    count += 1
    if (target === undefined) {
      report.drop(`${at}.$ref`)
      return inline(beside, at, inside)
    }
    if (inside.includes(reference) || count > maxReferences) {
      report.map(`${at}.$ref`, 'object')
      return { type: 'object', description: `Nested as in ${reference}.`, ...beside }
    }
    return inline({ ...target, ...beside }, at, [...inside, reference])
  }

  return inline(root, path, [])
}

/** A JSON pointer into the root (RFC 6901); undefined for what points elsewhere, or nowhere. */
function follow(root: JsonObject, reference: string): JsonObject | undefined {
  if (!reference.startsWith('#')) {
    return undefined
  }
  let value: unknown = root
  for (const step of reference.slice(1).split('/').slice(1)) {
    const key = decode(step).replaceAll('~1', '/').replaceAll('~0', '~')
    value = typeof value === 'object' && value !== null ? readOwn(value, key) : undefined
  }
  return isObject(value) ? value : undefined
}

function readOwn(holder: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(holder, key)?.value
}

function decode(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch {
    return step
  }
}
