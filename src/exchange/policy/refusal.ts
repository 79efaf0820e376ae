/** A refusal of a request, read: what upstreams of all kinds say in an error response. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, asString, isObject, parseJson } from '../../anthropic/json.ts'

/** What an upstream refused a request with: an error response, or an error as a stream's first event. */
export interface Refusal {
  status: number
  body: string
}

/** One complaint of a refusal. */
export interface Complaint {
  message: string
  code: string
  /** The field that it is about, dotted where it is nested; undefined where only the message says it. */
  param: string | undefined
}

/**
 * The complaints of a refusal: one for most servers, one for each field where a server validates
 * bodies with pydantic (`detail`, which Mistral puts into `message`).
 */
export function readComplaints(text: string): Complaint[] {
  const parsed: unknown = parseJson(text)
  const body = asObject(Array.isArray(parsed) ? parsed[0] : parsed) ?? {}
  const error = asObject(body['error']) ?? body
  const details = [body, asObject(body['message']), error, asObject(error['message'])]
    .flatMap((holder) => asArray(holder?.['detail']))
    .filter(isObject)
  return details.length > 0 ? details.map(readDetail) : [readError(body, error)]
}

function readError(body: JsonObject, error: JsonObject): Complaint {
  const texts = [error['message'], body['error'], body['detail'], body['message'], body['Message']]
  return {
    message: texts.find((value) => typeof value === 'string') ?? '',
    code: asString(error['code']) ?? '',
    param: asString(error['param']) || undefined,
  }
}

function readDetail({ msg, type, loc }: JsonObject): Complaint {
  const place = asArray(loc).filter((step) => step !== 'body')
  return {
    message: asString(msg) ?? '',
    code: asString(type) ?? '',
    param: place.length === 0 ? undefined : place.join('.'),
  }
}

/** Whether a status says that the request itself was refused. */
export function isRefusal({ status }: Refusal): boolean {
  return status === 400 || status === 422
}

/** Words that refuse something, as opposed to its value, its size, or its absence. */
export const refusingWords =
  /unsupported|unrecogni[sz]ed|unknown|unexpected|not supported|does(?:n't| not) support|not support|extra (?:inputs|fields)|extra_forbidden|not permitted|not allowed|cannot find field|immutable|deprecated|unavailable|not available|no longer|only .{1,40} (?:is|are) (?:allowed|supported)|cannot be (?:set|changed|specified|used)|must be (?:exactly )?1\b/i
