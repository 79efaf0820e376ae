/** Generates the smallest JSON value that a JSON schema accepts, as a model with constrained output would. */
import { asArray, asObject, asString } from '../../anthropic/json.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { resolve, typesOf, walkOf } from './schema-walk.ts'
import type { Walk } from './schema-walk.ts'

const formats: Readonly<Record<string, string>> = {
  date: '2026-01-01',
  'date-time': '2026-01-01T00:00:00Z',
  time: '00:00:00Z',
  duration: 'P1D',
  email: 'demo@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
}

/** Generates required properties only, the minimum of items, and the first of each choice. */
export function exampleOf(schema: unknown, walk: Walk = walkOf(schema)): unknown {
  walk.remaining -= 1
  if (walk.remaining < 0) {
    return null
  }
  const flat = flatten(schema, walk)
  if ('const' in flat) {
    return flat['const']
  }
  const choices = asArray(flat['enum'])
  if (choices.length > 0) {
    return choices[0]
  }
  switch (typesOf(flat)[0]) {
    case 'array':
      return itemsOf(flat, walk)
    case 'string':
      return stringOf(flat)
    case 'integer':
    case 'number':
      return numberOf(flat)
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return propertiesOf(flat, walk)
  }
}

/** Merges `$ref`, `allOf` and the first choices into one schema. */
function flatten(schema: unknown, walk: Walk): JsonObject {
  let flat = resolve(schema, walk)
  while (walk.remaining > 0) {
    const { anyOf, oneOf, allOf, ...rest } = flat
    const parts = [
      ...asArray(allOf),
      ...asArray(anyOf).slice(0, 1),
      ...asArray(oneOf).slice(0, 1),
    ].slice(0, walk.remaining)
    if (parts.length === 0) {
      return flat
    }
    walk.remaining -= parts.length
    flat = parts.map((part) => resolve(part, walk)).reduce(merge, rest)
  }
  return flat
}

function merge(a: JsonObject, b: JsonObject): JsonObject {
  return {
    ...a,
    ...b,
    ...(asObject(a['properties']) !== undefined && {
      properties: { ...asObject(a['properties']), ...asObject(b['properties']) },
    }),
    ...(Array.isArray(a['required']) && {
      required: [...asArray(a['required']), ...asArray(b['required'])],
    }),
  }
}

function propertiesOf(schema: JsonObject, walk: Walk): JsonObject {
  const properties = asObject(schema['properties']) ?? {}
  const required = asArray(schema['required']).map(String)
  return Object.fromEntries(required.map((name) => [name, exampleOf(properties[name] ?? {}, walk)]))
}

function itemsOf(schema: JsonObject, walk: Walk): unknown[] {
  const fixed = asArray(schema['prefixItems'])
  const length = Math.min(numberAt(schema, 'minItems') ?? fixed.length, 100, walk.remaining)
  return Array.from({ length }, (_, index) =>
    exampleOf(fixed[index] ?? schema['items'] ?? { type: 'string' }, walk),
  )
}

function stringOf(schema: JsonObject): string {
  const text = formats[asString(schema['format']) ?? ''] ?? 'text'
  const least = Math.min(numberAt(schema, 'minLength') ?? 0, 1000)
  return text.padEnd(least, '.').slice(0, numberAt(schema, 'maxLength'))
}

function numberOf(schema: JsonObject): number {
  const above = numberAt(schema, 'exclusiveMinimum')
  const below = numberAt(schema, 'exclusiveMaximum')
  const least = numberAt(schema, 'minimum') ?? (above === undefined ? undefined : above + 1)
  const most = numberAt(schema, 'maximum') ?? (below === undefined ? undefined : below - 1)
  const wanted = least ?? Math.min(1, most ?? 1)
  const step = numberAt(schema, 'multipleOf') ?? (typesOf(schema)[0] === 'integer' ? 1 : 0)
  return step > 0 ? Math.ceil(wanted / step) * step : wanted
}

function numberAt(schema: JsonObject, field: string): number | undefined {
  const value = schema[field]
  return typeof value === 'number' ? value : undefined
}
