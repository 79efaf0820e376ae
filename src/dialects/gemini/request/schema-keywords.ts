import { plainKey } from '../../../anthropic/exact-json.ts'
/** A schema of one type: the keywords that Gemini knows for it, and the others in words. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, isObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import type { SchemaType } from './schema-types.ts'

export interface SchemaPlace {
  /** In the client's body. */
  path: string
  report: Report
  /** How many more schemas may be written; one count for all of a tool's. */
  room: { left: number }
}

type Convert = (schema: unknown, place: SchemaPlace) => JsonObject

/** Taken as they are. */
const plain: Record<SchemaType, readonly string[]> = {
  string: ['minLength', 'maxLength', 'pattern'],
  number: ['minimum', 'maximum'],
  integer: ['minimum', 'maximum'],
  boolean: [],
  array: ['minItems', 'maxItems'],
  object: ['minProperties', 'maxProperties'],
}

/** Others refuse the request. */
const formats: Record<SchemaType, readonly string[]> = {
  string: ['date-time'],
  number: ['float', 'double'],
  integer: ['int32', 'int64'],
  boolean: [],
  array: [],
  object: [],
}

/** Written anew below, or without a meaning for a model. */
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

/** Models keep to the properties they are given, so neither answer says anything to them. */
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

/** Values of an enum are texts, and none is empty; others the description must tell. */
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

/** Without properties the keyword is left out (`should be non-empty for OBJECT type`). */
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

/** A list must say what is in it (`items: missing field`). A tuple becomes a list of any of its items. */
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

/** What is longer is not worth its tokens. */
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
  const said = typeof schema['description'] === 'string' ? schema['description'] : ''
  const description = [said, notes.length === 0 ? '' : `(${notes.join('; ')})`]
    .filter((text) => text !== '')
    .join(' ')
  return description === '' ? {} : { description }
}
