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
import { isRefusal, readComplaints, refusingWords } from './refusal.ts'

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
  if (!refusingWords.test(`${code} ${message}`) || schemaFault.test(message)) {
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
  const left = { ...body }
  const found = refused.filter(
    ({ field, value }) =>
      field in left && (value === undefined || value === JSON.stringify(left[field])),
  )
  for (const { field, instead } of found) {
    if (instead !== undefined) {
      left[instead] = left[field]
    }
    delete left[field]
  }
  return { body: left, found }
}

/**
 * Matches conditions on the rest of the request, other than the model: "with function tools", "when
 * thinking is enabled".
 */
const conditions =
  /\b(?:when|whenever|while|if|unless|where|together|combin\w+|alongside|beside|conjunction|simultaneous\w*|both|without|because|since|during|enabled|disabled|mode|tools?|functions?|streaming|streamed|images?|thinking|reasoning)\b|\b(?:with|for|in|by)\b(?! (?:(?:this|the|your|that) )?(?:\w+ )?(?:models?|endpoint|api|deployment|provider|version|region)\b)(?! \S*\d)/i

/** Matches references to documentation, which are not conditions. */
const reference = /\bfor (?:more|further) .*|\bplease (?:see|refer) .*/is

const maxValueLength = 24

/** Whether a refusal applies to every request to this model with those fields. */
export function isUnconditional(
  { body }: Pick<Refusal, 'body'>,
  refused: readonly RefusedField[],
  sent: JsonObject,
): boolean {
  const own = new Set(refused.flatMap(({ field }) => [field, otherNames[field] ?? field]))
  const others = Object.keys(sent).filter((name) => !own.has(name) && !/^[a-z]+$/.test(name))
  const isConditional = readComplaints(body).some(({ message }) => {
    const text = [...own].reduce((left, field) => left.replaceAll(field, ''), message)
    return (
      conditions.test(text.replace(reference, '')) || others.some((name) => text.includes(name))
    )
  })
  // Client content is not remembered, except for short values that a model may not support.
  const isShort = refused.every(({ value = '' }) => value.length <= maxValueLength)
  return !isConditional && isShort
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
    const camel = field.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
    const at = Math.min(...[field, camel].map((name) => indexOfName(message, name)))
    return Number.isFinite(at) ? [{ field, at }] : []
  })
  return named.toSorted((a, b) => a.at - b.at)[0]?.field
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
