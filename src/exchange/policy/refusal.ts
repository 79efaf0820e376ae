/** Reads a refusal of a request, in the error formats of all upstreams. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, asString, isObject, parseJson } from '../../anthropic/json.ts'

/**
 * An upstream's refusal of a request: an error response, or an error as the first event of a
 * stream.
 */
export interface Refusal {
  status: number
  body: string
}

/** One complaint in a refusal. */
export interface Complaint {
  message: string
  code: string
  /** The field's dotted path; undefined if only the message has it. */
  param: string | undefined
}

/** The length of an error that is searched: it may quote the request, and patterns backtrack. */
const maxComplaints = 20
const maxCharacters = 2000

function toWords(value: unknown): string {
  return (asString(value) ?? '').slice(0, maxCharacters)
}

/**
 * Reads the complaints of a refusal: one for most servers, or one per field if a server validates
 * with pydantic (`detail`, which Mistral has in `message`).
 */
export function readComplaints(text: string): Complaint[] {
  const parsed: unknown = parseJson(text)
  const body = asObject(Array.isArray(parsed) ? parsed[0] : parsed) ?? {}
  const error = asObject(body['error']) ?? body
  const details = [body, asObject(body['message']), error, asObject(error['message'])]
    .flatMap((holder) => asArray(holder?.['detail']))
    .filter(isObject)
  const complaints = details.slice(0, maxComplaints).map(readDetail)
  return complaints.length > 0 ? complaints : [readError(body, error)]
}

function readError(body: JsonObject, error: JsonObject): Complaint {
  const texts = [error['message'], body['error'], body['detail'], body['message'], body['Message']]
  return {
    message: toWords(texts.find((value) => typeof value === 'string')),
    code: toWords(error['code']),
    param: toWords(error['param']) || undefined,
  }
}

function readDetail({ msg, type, loc }: JsonObject): Complaint {
  const place = asArray(loc).filter((step) => step !== 'body')
  return {
    message: toWords(msg),
    code: toWords(type),
    param: place.length === 0 ? undefined : toWords(place.join('.')),
  }
}

/** Whether a refusal's status means that the request itself is at fault. */
export function isRefusal({ status }: Refusal): boolean {
  return status === 400 || status === 422
}

/** Matches wordings that refuse something as such, rather than its value, size, or absence. */
export const refusalPattern =
  /unsupported|unrecogni[sz]ed|unknown|unexpected|not supported|does(?:n't| not) support|not support|extra (?:inputs|fields)|extra_forbidden|not permitted|not allowed|cannot find field|immutable|deprecated|unavailable|not available|no longer|only .{1,40} (?:is|are) (?:allowed|supported)|cannot be (?:set|changed|specified|used)|must be (?:exactly )?1\b/i
