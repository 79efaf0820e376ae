/** Reading JSON schemas: references, types, and an end for those that refer to themselves. */
import { asObject, asString } from '../../anthropic/json.ts'
import type { JsonObject } from '../../anthropic/json.ts'

/** The state of one walk over a schema. `left` bounds its steps, since schemas may be recursive. */
export interface Walk {
  root: unknown
  remaining: number
}

/** Starts a walk over `root`. */
export function walkOf(root: unknown): Walk {
  return { root, remaining: 500 }
}

/** Resolves `$ref` within the document; `true` and unresolvable references become the empty schema. */
export function resolve(schema: unknown, walk: Walk): JsonObject {
  let current = schema
  for (let hops = 0; hops < 10; hops += 1) {
    const reference = asString(asObject(current)?.['$ref'])
    if (reference === undefined) {
      return asObject(current) ?? {}
    }
    const steps = reference.split('/').slice(1)
    current = steps.reduce<unknown>((at, step) => asObject(at)?.[decodeStep(step)], walk.root)
  }
  return {}
}

/** The types of a schema, or the one that its keywords imply; empty if any type is allowed. */
export function typesOf(schema: JsonObject): string[] {
  if (schema['type'] !== undefined) {
    return [schema['type']].flat().map(String)
  }
  if (schema['properties'] !== undefined || schema['required'] !== undefined) {
    return ['object']
  }
  return schema['items'] === undefined && schema['prefixItems'] === undefined ? [] : ['array']
}

function decodeStep(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}
