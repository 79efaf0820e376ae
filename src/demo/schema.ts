/** Reading JSON schemas: references, types, and an end for those that refer to themselves. */
import { asObject, asString } from '../anthropic/json.ts'
import type { JsonObject } from '../anthropic/json.ts'

/** One walk over a schema. Schemas refer to themselves; when nothing is left, every value is null. */
export interface Walk {
  root: unknown
  left: number
}

/** A fresh walk over `root`. */
export function walkOf(root: unknown): Walk {
  return { root, left: 500 }
}

/** Follows `$ref` within the document. `true`, and what cannot be found, is the schema of anything. */
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

/** The types a schema names, or the one that its keywords speak of; empty where anything goes. */
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
