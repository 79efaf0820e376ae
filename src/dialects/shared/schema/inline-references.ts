/**
 * Resolves `$ref` for upstreams that do not support it: every reference is replaced by a copy of
 * its target. A recursive reference is replaced by an object of any shape.
 */
import { asString, isObject } from '../../../anthropic/json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import { mapInner, omitKeys } from './schema-walk.ts'

const references = new Set(['$ref', '$dynamicRef'])
const definitions = new Set(['$defs', 'definitions'])

/**
 * The maximal number of copies, and below of their characters, since nested copies grow
 * exponentially.
 */
const maxReferences = 1000
const maxCopied = 500_000

/**
 * The schema without references and definitions. Keywords next to a reference (a description) are
 * kept, and so are references that `isKept` accepts, with the definitions.
 */
export function inlineReferences(
  root: JsonObject,
  path: string,
  report: Report,
  isKept: (schema: JsonObject) => boolean = () => false,
): JsonObject {
  let count = 0
  let copied = 0
  let hasKept = false
  const sizes = new Map<JsonObject, number>()

  /** Counts one more copy of the target; returns whether it is within the limits. */
  function spend(target: JsonObject): boolean {
    const size = sizes.get(target) ?? JSON.stringify(target).length
    sizes.set(target, size)
    count += 1
    copied += size
    return count <= maxReferences && copied <= maxCopied
  }

  function inline(schema: JsonObject, at: string, inside: readonly string[]): JsonObject {
    const reference = asString(schema['$ref'] ?? schema['$dynamicRef'])
    if (reference === undefined) {
      return mapInner(omitKeys(schema, definitions), at, (inner, innerAt) =>
        inline(inner, innerAt, inside),
      )
    }
    if (isKept(schema)) {
      hasKept = true
      return schema
    }
    const beside = omitKeys(schema, references)
    const target = follow(root, reference)
    if (target === undefined) {
      report.drop(`${at}.$ref`)
      return inline(beside, at, inside)
    }
    if (inside.includes(reference) || !spend(target)) {
      report.map(`${at}.$ref`, 'object')
      return { type: 'object', description: `Nested as in ${reference}.`, ...beside }
    }
    return inline({ ...target, ...beside }, at, [...inside, reference])
  }

  const inlined = inline(root, path, [])
  const { $defs } = root
  if (!hasKept || !isObject($defs)) {
    return inlined
  }
  return { ...inlined, ...mapInner({ $defs }, path, (inner, at) => inline(inner, at, [])) }
}

/** Resolves a JSON pointer within the root (RFC 6901); undefined if it is external or dangling. */
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
