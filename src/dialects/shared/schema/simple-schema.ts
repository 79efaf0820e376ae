/**
 * Simplifies schemas for servers that compile them into a grammar and support only a subset
 * (`failed to parse grammar`). What is omitted is reported; the client still validates.
 */
import { isObject } from '../../../anthropic/json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import { mapSchema, omitKeys } from './schema-walk.ts'

/** Keywords that do not constrain values, and are removed without a report. */
const annotations = new Set(['$schema', '$id', '$anchor', '$comment'])

/** Removes keywords from a schema and all schemas in it, and reports them. */
export function dropKeywords(
  schema: JsonObject,
  keywords: readonly string[],
  path: string,
  report: Report,
): JsonObject {
  const dropped = new Set(keywords)
  return keywords.length === 0
    ? schema
    : mapSchema(schema, path, (inner, at) => {
        for (const keyword of Object.keys(inner).filter((key) => dropped.has(key))) {
          if (annotations.has(keyword)) {
            report.ignore(`${at}.${keyword}`)
          } else {
            report.drop(`${at}.${keyword}`)
          }
        }
        return omitKeys(inner, dropped)
      })
}

const limits = [
  'pattern',
  'format',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'contains',
  'minContains',
  'maxContains',
  'minProperties',
  'maxProperties',
  'propertyNames',
  'patternProperties',
  'dependentSchemas',
  'dependentRequired',
  'unevaluatedProperties',
  'unevaluatedItems',
  'if',
  'then',
  'else',
  'not',
  '$schema',
]
const maxEnum = 64
const maxDepth = 8

/** The schema without limits, long enums and deep nesting. */
export function simplifySchema(schema: JsonObject, path: string, report: Report): JsonObject {
  const plain = dropKeywords(schema, limits, path, report)
  const short = mapSchema(plain, path, (inner, at) => {
    const values = inner['enum']
    if (!Array.isArray(values) || values.length <= maxEnum) {
      return inner
    }
    report.drop(`${at}.enum`)
    return omitKeys(inner, new Set(['enum']))
  })
  return cutBelow(short, path, report, maxDepth)
}

function cutBelow(schema: JsonObject, path: string, report: Report, depth: number): JsonObject {
  const { properties, items } = schema
  if (depth === 0 && (isObject(properties) || isObject(items))) {
    report.drop(path)
    return schema['type'] === 'array'
      ? { type: 'array', items: {} }
      : { type: 'object', properties: {} }
  }
  return {
    ...schema,
    ...(isObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, inner]) => [
              name,
              isObject(inner)
                ? cutBelow(inner, `${path}.properties.${name}`, report, depth - 1)
                : inner,
            ]),
          ),
        }
      : {}),
    ...(isObject(items) ? { items: cutBelow(items, `${path}.items`, report, depth - 1) } : {}),
  }
}
