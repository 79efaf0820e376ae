/**
 * Recognizes refusals of optional fields. Vendors remove fields from models, and add models without
 * them, faster than any table can be maintained.
 *
 *   Unsupported parameter: 'temperature' is not supported with this model.      param, code
 *   Unrecognized request argument supplied: prompt_cache_key
 *   Invalid JSON payload received. Unknown name "labels": Cannot find field.
 *   stream_options: Extra inputs are not permitted
 *   {"detail": [{"type": "extra_forbidden", "loc": ["body", "store"]}]}
 */
import type { JsonObject } from '../../anthropic/json.ts'
import type { Complaint, Refusal } from './refusal.ts'
import { isRefusal, readComplaints, refusalPattern } from './refusal.ts'
import { isUnconditional, subjects } from './unconditional.ts'

/**
 * A field that an upstream has rejected, with the value that is not supported or one to use instead, if the
 * error names it.
 */
export interface RefusedField {
  /** Top-level name of the field in the upstream's request. */
  field: string
  /** The refused value as JSON; absent if the field itself is refused. */
  value?: string
  /** The field that replaces it. */
  instead?: string
}

/** Fields that a request cannot omit. */
const essential = new Set([
  'model',
  'messages',
  'input',
  'instructions',
  'contents',
  'systemInstruction',
  'system',
  'tools',
  'toolConfig',
  'generationConfig',
  'inferenceConfig',
  'stream',
])

/** The other name of fields with two names. */
const otherNames: Readonly<Record<string, string>> = {
  max_tokens: 'max_completion_tokens',
  max_completion_tokens: 'max_tokens',
}

/** Finds the fields that a refusal names and that the request can omit. */
export function findRefusedFields(refusal: Refusal, sent: JsonObject): RefusedField[] {
  if (!isRefusal(refusal)) {
    return []
  }
  const found = readComplaints(refusal.body).flatMap((complaint) => {
    const refused = toRefusedField(complaint, sent)
    return refused === undefined ? [] : [refused]
  })
  return [...new Map(found.map((refused) => [refused.field, refused])).values()]
}

/**
 * Matches refusals of a schema's content, which is the client's fault, rather than of its field.
 */
const schemaFault =
  /\b(?:invalid|in)\b[^.]{0,80}\bschema\b|\bschema\b[^.]{0,80}\b(?:invalid|contains?|keywords?|propert(?:y|ies)|must)\b/i

function toRefusedField(
  { message, code, param }: Complaint,
  sent: JsonObject,
): RefusedField | undefined {
  if (!refusalPattern.test(`${code} ${message}`) || schemaFault.test(message)) {
    return undefined
  }
  const field = param === undefined ? findNamed(message, sent) : toTopLevel(param, sent)
  if (field === undefined || essential.has(field)) {
    return undefined
  }
  const instead = otherNames[field]
  if (!/value/i.test(code)) {
    return { field, ...(instead === undefined ? {} : { instead }) }
  }
  return instead === undefined ? { field, value: JSON.stringify(sent[field]) } : undefined
}

/** Removes refused fields from a request; returns it with those that were present. */
export function withoutRefused(
  body: JsonObject,
  refused: readonly RefusedField[],
): { body: JsonObject; found: RefusedField[] } {
  const remaining = { ...body }
  const found = refused.filter(
    ({ field, value }) =>
      field in remaining && (value === undefined || value === JSON.stringify(remaining[field])),
  )
  for (const { field, instead } of found) {
    if (instead !== undefined) {
      remaining[instead] = remaining[field]
    }
    delete remaining[field]
  }
  return { body: remaining, found }
}

const maxValueLength = 24

/** Whether a refusal applies to every request to this model with those fields. */
export function holdsForAll(refusal: Refusal, refused: readonly RefusedField[]): boolean {
  const names = refused.flatMap(({ field, value = '' }) => {
    const other = otherNames[field] ?? field
    return [field, other, toCamelCase(field), value.replaceAll('"', '')]
  })
  // Client content is not remembered, except for short values that a model may not support.
  const isShort = refused.every(({ value = '' }) => value.length <= maxValueLength)
  return isShort && isUnconditional(refusal, subjects.field, names)
}

/**
 * The top-level field of a path. A nested field cannot be dropped alone, nor can its parent, except
 * `reasoning`.
 */
function toTopLevel(param: string, sent: JsonObject): string | undefined {
  const [field = '', ...inner] = param.split('.')
  const isOne = inner.length === 0 || field === 'reasoning'
  return isOne && Object.hasOwn(sent, field) ? field : undefined
}

/**
 * The first field that a message names: in quotes, before or after a colon, or by an unambiguous
 * name.
 */
function findNamed(message: string, sent: JsonObject): string | undefined {
  const named = Object.keys(sent).flatMap((field) => {
    const names = [field, toCamelCase(field)]
    const at = Math.min(...names.map((name) => indexOfName(message, name)))
    return Number.isFinite(at) ? [{ field, at }] : []
  })
  return named.toSorted((a, b) => a.at - b.at)[0]?.field
}

function toCamelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** Field names that are words without another meaning in a refusal. */
const unmistakable = new Set(['temperature'])

function indexOfName(message: string, name: string): number {
  const quoted = new RegExp(`["'\`]${name}["'\`]|(?<=^|\\n)${name}:|: ${name}(?=$|[\\s.,])`)
  const word = new RegExp(`(?<![\\w.])${name}(?![\\w.])`)
  const isPlainWord = /^[a-z]+$/.test(name) && !unmistakable.has(name)
  const at = message.search(isPlainWord ? quoted : word)
  return at === -1 ? Infinity : at
}
