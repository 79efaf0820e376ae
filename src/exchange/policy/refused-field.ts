/**
 * An upstream that refuses a field that the request can do without. Vendors take fields away from
 * models, and add models that never had them, faster than any table is kept.
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
  /** At the top level of the upstream's request. */
  field: string
  /** Only this value was refused, as JSON; absent where the field is. */
  value?: string
  /** The field that takes its place. */
  instead?: string
}

/** Fields that a request cannot do without, or that decide what it is about. */
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

/** One limit by two names. */
const otherNames: Readonly<Record<string, string>> = {
  max_tokens: 'max_completion_tokens',
  max_completion_tokens: 'max_tokens',
}

/** The fields that a refusal names, where the request can do without them. */
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

/** A refusal of what a schema contains, which is its sender's fault, and not of the field that it is in. */
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

/** The request without what is known to be refused, and which of it was there. */
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
 * Words that tie a refusal to the rest of the request, other than the model: "with function tools", "when
 * thinking is enabled".
 */
const conditions =
  /\b(?:when|whenever|while|if|unless|where|together|combin\w+|alongside|beside|conjunction|simultaneous\w*|both|without|because|since|during|enabled|disabled|mode|tools?|functions?|streaming|streamed|images?|thinking|reasoning)\b|\b(?:with|for|in|by)\b(?! (?:(?:this|the|your|that) )?(?:\w+ )?(?:models?|endpoint|api|deployment|provider|version|region)\b)(?! \S*\d)/i

/** A reference to documentation, which is no condition. */
const reference = /\bfor (?:more|further) .*|\bplease (?:see|refer) .*/is

const maxValueLength = 24

/** Whether the refusal holds for any request to this model with those fields, as far as it says. */
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
  // What a client wrote is not remembered, but for the short values that a model has or has not.
  const isShort = refused.every(({ value = '' }) => value.length <= maxValueLength)
  return !isConditional && isShort
}

/** A top-level field. One inside another cannot be dropped alone, nor the whole for its sake, except `reasoning`. */
function toTopLevel(param: string, sent: JsonObject): string | undefined {
  const [field = '', ...inner] = param.split('.')
  const isOne = inner.length === 0 || field === 'reasoning'
  return isOne && Object.hasOwn(sent, field) ? field : undefined
}

/** The first field that a message names: in quotes, before or after a colon, or by an unmistakable name. */
function findNamed(message: string, sent: JsonObject): string | undefined {
  const named = Object.keys(sent).flatMap((field) => {
    const camel = field.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
    const at = Math.min(...[field, camel].map((name) => indexOfName(message, name)))
    return Number.isFinite(at) ? [{ field, at }] : []
  })
  return named.toSorted((a, b) => a.at - b.at)[0]?.field
}

/** Plain words that mean nothing else in a refusal. */
const unmistakable = new Set(['temperature'])

function indexOfName(message: string, name: string): number {
  const quoted = new RegExp(`["'\`]${name}["'\`]|(?<=^|\\n)${name}:|: ${name}(?=$|[\\s.,])`)
  const word = new RegExp(`(?<![\\w.])${name}(?![\\w.])`)
  const isPlainWord = /^[a-z]+$/.test(name) && !unmistakable.has(name)
  const at = message.search(isPlainWord ? quoted : word)
  return at === -1 ? Infinity : at
}
