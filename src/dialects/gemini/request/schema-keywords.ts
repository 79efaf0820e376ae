/**
 * Converts a schema of one type: keywords that Gemini supports are kept, others go into the
 * description.
 */
import { plainKey } from '../../../anthropic/exact-json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, isObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import type { SchemaType } from './schema-types.ts'

/**
 * The path of a schema in the client's body, where losses are reported, and how many schemas may still be
 * converted.
 */
export interface SchemaPlace {
  /** Path of the schema in the client's body. */
  path: string
  report: Report
  /** The number of schemas that may still be written, shared by all schemas of a tool. */
  room: { left: number }
}

type Convert = (schema: unknown, place: SchemaPlace) => JsonObject

/** Keywords that are copied unchanged, by type. */
const plain: Record<SchemaType, readonly string[]> = {
  string: ['minLength', 'maxLength', 'pattern'],
  number: ['minimum', 'maximum'],
  integer: ['minimum', 'maximum'],
  boolean: [],
  array: ['minItems', 'maxItems'],
  object: ['minProperties', 'maxProperties'],
}

/** Values of `format` that Gemini accepts, by type; it rejects a request with others. */
const formats: Record<SchemaType, readonly string[]> = {
  string: ['date-time'],
  number: ['float', 'double'],
  integer: ['int32', 'int64'],
  boolean: [],
  array: [],
  object: [],
}

/** Keywords that are converted below or mean nothing to a model, and are not reported. */
const silent = new Set([
  'type',
  'title',
  'description',
  'enum',
  'format',
  'properties',
  'required',
  'items',
  'prefixItems',
  '$schema',
  '$id',
  '$anchor',
  '$comment',
  'readOnly',
  'writeOnly',
  'deprecated',
])

/** Converts the keywords of a schema that has one type. */
export function toKeywords(
  type: SchemaType,
  schema: JsonObject,
  place: SchemaPlace,
  convert: Convert,
): JsonObject {
  const lost = new Map<string, unknown>()
  const taken = Object.entries(schema).filter(([keyword]) => plain[type].includes(keyword))
  for (const [keyword, value] of Object.entries(schema)) {
    if (!silent.has(keyword) && !plain[type].includes(keyword) && !isOpen(keyword, value)) {
      lost.set(keyword, value)
    }
  }
  const shape = {
    ...Object.fromEntries(taken),
    ...toFormat(type, schema, lost),
    ...toEnum(type, schema, lost),
    ...(type === 'object' ? toProperties(schema, place, convert) : {}),
    ...(type === 'array' ? toItems(schema, place, convert, lost) : {}),
  }
  return {
    type: type.toUpperCase(),
    ...(typeof schema['title'] === 'string' ? { title: schema['title'] } : {}),
    ...toDescription(schema, lost, place),
    ...shape,
  }
}

/** Whether a keyword only opens or closes an object, which a model need not know. */
function isOpen(keyword: string, value: unknown): boolean {
  const isAboutOthers = keyword === 'additionalProperties' || keyword === 'unevaluatedProperties'
  return isAboutOthers && typeof value === 'boolean'
}

function toFormat(type: SchemaType, schema: JsonObject, lost: Map<string, unknown>): JsonObject {
  const { format } = schema
  if (typeof format === 'string' && formats[type].includes(format)) {
    return { format }
  }
  if (format !== undefined) {
    lost.set('format', format)
  }
  return {}
}

/**
 * The `enum` of a schema: Gemini accepts only strings that are not empty; other values go into the
 * description.
 */
function toEnum(type: SchemaType, schema: JsonObject, lost: Map<string, unknown>): JsonObject {
  const values = asArray(schema['enum'])
  const texts = values.filter((value) => typeof value === 'string' && value !== '')
  if (values.length === 0) {
    return {}
  }
  if (type !== 'string' || texts.length === 0) {
    lost.set('enum', values)
    return {}
  }
  if (texts.length < values.length) {
    lost.set('enum', values)
  }
  return { format: 'enum', enum: [...new Set(texts)] }
}

/**
 * The `properties` of an object; omitted if there are none (`should be non-empty for OBJECT type`).
 */
function toProperties(schema: JsonObject, place: SchemaPlace, convert: Convert): JsonObject {
  const properties = Object.entries(isObject(schema['properties']) ? schema['properties'] : {})
  if (properties.length === 0) {
    return {}
  }
  const names = new Set(properties.map(([name]) => plainKey(name)))
  const required = asArray(schema['required']).filter(
    (name) => typeof name === 'string' && names.has(name),
  )
  return {
    properties: Object.fromEntries(
      properties.map(([name, inner]) => [
        name,
        convert(inner, { ...place, path: `${place.path}.properties.${name}` }),
      ]),
    ),
    ...(required.length === 0 ? {} : { required }),
  }
}

/**
 * The `items` of an array, which Gemini requires (`items: missing field`). A tuple becomes an array
 * whose items may be any of the tuple's.
 */
function toItems(
  schema: JsonObject,
  place: SchemaPlace,
  convert: Convert,
  lost: Map<string, unknown>,
): JsonObject {
  const { items, prefixItems } = schema
  const inner = { ...place, path: `${place.path}.items` }
  const tuple = asArray(prefixItems ?? items)
  if (tuple.length === 0) {
    return { items: convert(items, inner) }
  }
  lost.set('prefixItems', tuple)
  const kinds = new Map(tuple.map((item) => [JSON.stringify(item), item]))
  return { items: convert({ anyOf: [...kinds.values()] }, inner) }
}

/**
 * The length in characters up to which a keyword is described; longer ones are not worth their
 * tokens.
 */
const maxNote = 400

function toDescription(
  schema: JsonObject,
  lost: ReadonlyMap<string, unknown>,
  { path, report }: SchemaPlace,
): JsonObject {
  const notes: string[] = []
  for (const [keyword, value] of lost) {
    const note = `${keyword} ${typeof value === 'string' ? value : JSON.stringify(value)}`
    if (note.length > maxNote) {
      report.drop(`${path}.${keyword}`)
    } else {
      report.map(`${path}.${keyword}`, 'description')
      notes.push(note)
    }
  }
  const original = typeof schema['description'] === 'string' ? schema['description'] : ''
  const description = [original, notes.length === 0 ? '' : `(${notes.join('; ')})`]
    .filter((text) => text !== '')
    .join(' ')
  return description === '' ? {} : { description }
}
