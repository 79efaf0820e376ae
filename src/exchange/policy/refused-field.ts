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
import { asArray, asObject, asString, isObject, parseJson } from '../../anthropic/json.ts'

export interface RefusedField {
  /** At the top level of the upstream's request. */
  field: string
  /** Only this value was refused, as JSON; absent where the field is. */
  value?: string
  /** The field that takes its place. */
  instead?: string
}

/** What there is no request without; and what would change what it is about. */
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

const refusals =
  /unsupported|unrecognized|unknown|unexpected|not supported|does not support|extra inputs|not permitted|not allowed|cannot find field/i

/** The field that an answer with status 400 or 422 names, where the request can do without it. */
export function findRefusedField(
  { status, body }: { status: number; body: string },
  sent: JsonObject,
): RefusedField | undefined {
  if (status !== 400 && status !== 422) {
    return undefined
  }
  const { message, code, param } = readRefusal(body)
  if (!refusals.test(`${code} ${message}`)) {
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

interface Refusal {
  message: string
  code: string
  /** Dotted where it is nested. */
  param: string | undefined
}

function readRefusal(text: string): Refusal {
  const parsed: unknown = parseJson(text)
  const body = asObject(Array.isArray(parsed) ? parsed[0] : parsed) ?? {}
  const detail = asArray(body['detail']).find(isObject)
  return detail === undefined ? readError(body) : readDetail(detail)
}

function readError(body: JsonObject): Refusal {
  const error = asObject(body['error']) ?? body
  const texts = [error['message'], body['error'], body['detail']]
  return {
    message: texts.find((value) => typeof value === 'string') ?? '',
    code: asString(error['code']) ?? '',
    param: asString(error['param']) || undefined,
  }
}

/** Of a server that checks bodies by pydantic. */
function readDetail({ msg, type, loc }: JsonObject): Refusal {
  const place = asArray(loc).filter((step) => step !== 'body')
  return {
    message: asString(msg) ?? '',
    code: asString(type) ?? '',
    param: place.length === 0 ? undefined : place.join('.'),
  }
}

/** A field inside another is not ours to drop alone, nor the whole for its sake; `reasoning` is one thing. */
function toTopLevel(param: string, sent: JsonObject): string | undefined {
  const [field = '', ...inner] = param.split('.')
  const isOne = inner.length === 0 || field === 'reasoning'
  return isOne && Object.hasOwn(sent, field) ? field : undefined
}

/** The first field that the message names as one: in quotes, before a colon, after one, or unmistakable. */
function findNamed(message: string, sent: JsonObject): string | undefined {
  const named = Object.keys(sent).flatMap((field) => {
    const camel = field.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
    const at = Math.min(...[field, camel].map((name) => indexOfName(message, name)))
    return Number.isFinite(at) ? [{ field, at }] : []
  })
  return named.toSorted((a, b) => a.at - b.at)[0]?.field
}

function indexOfName(message: string, name: string): number {
  const quoted = new RegExp(`["'\`]${name}["'\`]|(?<=^|\\n)${name}:|: ${name}(?=$|[\\s.,])`)
  const word = new RegExp(`(?<![\\w.])${name}(?![\\w.])`)
  const isPlainWord = /^[a-z]+$/.test(name)
  const at = message.search(isPlainWord ? quoted : word)
  return at === -1 ? Infinity : at
}
