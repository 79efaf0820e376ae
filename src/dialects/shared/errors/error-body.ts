/**
 * Reads an error body of any format: every provider has its own, and routers wrap those of others,
 * sometimes as JSON inside a string.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asObject, asString, isObject, parseJson } from '../../../anthropic/json.ts'
import { append } from '../../../platform/append.ts'
import { defined } from '../../../platform/defined.ts'
import { digitCodeStatus, errorNumberStatus, responseCodeStatus } from './error-codes.ts'

/**
 * The facts of an error body: its message, the codes and types that classify it, its text, and a delay in
 * seconds or with a unit.
 */
export interface ErrorFacts {
  /** The message for the client; `''` if there is none. */
  message: string
  /** Error codes, types and names for classification, in lower case, separated by spaces. */
  words: string
  /** All messages found, nested ones included, for classification by wording. */
  text: string
  /** The HTTP status in the body. */
  status?: number
  /** The HTTP status for a provider's own error number; it takes precedence over the response's. */
  codeStatus?: number
  /** When to retry: seconds, or a duration as text. */
  delay?: number | string
}

/** The findings of a walk over the body, the outermost first. */
interface Found {
  messages: string[]
  words: string[]
  statuses: number[]
  codeStatuses: number[]
  sizes: string[]
  delays: (number | string)[]
}

/** Whether the body of a response with status 200, or a chunk of a stream, is an error. */
export function isErrorBody(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.length > 0 && isErrorBody(value[0])
  }
  if (!isObject(value)) {
    return false
  }
  const { error, base_resp, success, choices } = value
  const isError = typeof error === 'string' ? error !== '' : hasKeys(error)
  // MiniMax always responds with status 200.
  const responseCode = asObject(base_resp)?.['status_code']
  if (isError || (responseCode !== undefined && responseCode !== 0)) {
    return true
  }
  return !Array.isArray(choices) && (success === false || isFlatError(value) || isStatusText(value))
}

/**
 * Whether the body is an HTTP status and a message instead of an answer: `{"status": "449", "msg":
 * …}` (iFlow), `{"code": 500, "msg": …}`.
 */
function isStatusText(value: JsonObject): boolean {
  // The messages first: no answer has one at its top, and this is asked of each event.
  return messageFields.some((field) => asString(value[field])) && readStatuses(value).length > 0
}

/** Reads a body: parsed JSON, or text. */
export function readErrorBody(body: unknown): ErrorFacts {
  const found: Found = {
    messages: [],
    words: [],
    statuses: [],
    codeStatuses: [],
    sizes: [],
    delays: [],
  }
  visit(body, found, 0)
  const messages = found.messages.filter((message) => message.trim() !== '')
  const message = messages.find((text) => !generic.test(text)) ?? messages[0]
  const [status] = found.statuses
  const [codeStatus] = found.codeStatuses
  const [delay] = found.delays
  return {
    message: message ?? '',
    words: found.words.join(' ').toLowerCase(),
    text: [...found.words, ...messages, ...found.sizes].join('\n').slice(0, maxText),
    ...defined({ status, codeStatus, delay }),
  }
}

/**
 * Matches generic messages that routers (OpenRouter) and frameworks (Azure) put above the cause.
 */
const generic =
  /^(?:provider returned error|invalid input(?: error)?|bad request|unprocessable entity)\W*$/i

/** The length of text that is searched for wordings, which are at the beginning. */
const maxText = 8000

/**
 * The maximal depth of nested errors: `error`, `errors[]`, `detail`, `metadata.raw`, `base_resp`.
 */
const maxDepth = 6

function visit(value: unknown, found: Found, depth: number): void {
  if (depth > maxDepth) {
    return
  }
  if (typeof value === 'string') {
    visitText(value, found, depth)
  } else if (Array.isArray(value)) {
    for (const item of value) {
      visit(item, found, depth + 1)
    }
  } else if (isObject(value)) {
    visitObject(value, found, depth)
  }
}

function visitText(text: string, found: Found, depth: number): void {
  const nested = /^\s*[[{]/.test(text) ? parseJson(text) : undefined
  if (nested === undefined) {
    found.messages.push(text)
  } else {
    visit(nested, found, depth + 1)
  }
}

const messageFields = [
  'message',
  'Message',
  'msg',
  'status_msg',
  'error_description',
  'error_msg',
  'errorMessage',
  // Bedrock's exceptions inside a stream.
  'originalMessage',
]
const wordFields = ['code', 'type', 'status', 'reason', 'error_type', 'provider_code', '__type']
const statusFields = [
  'code',
  'status',
  'status_code',
  'http_code',
  'raw_status_code',
  'statusCode',
  'originalStatusCode',
]

/**
 * The fields with nested errors, in order: a provider's own error before those that it forwards.
 */
const nestedFields = [
  'error',
  'errors',
  'detail',
  'details',
  'base_resp',
  'metadata',
  'raw',
  'innererror',
  'title',
]

function visitObject(value: JsonObject, found: Found, depth: number): void {
  for (const field of messageFields) {
    const nested = value[field]
    if (typeof nested === 'string') {
      visitText(withLocation(nested, value['loc']), found, depth)
    } else {
      // Mistral has the details in the message.
      visit(nested, found, depth + 1)
    }
  }
  append(
    found.words,
    wordFields.map((field) => toWord(value[field])).filter((word) => word !== ''),
  )
  readSizes(value, found)
  append(found.statuses, readStatuses(value))
  append(found.codeStatuses, readCodeStatuses(value))
  append(found.delays, readDelays(value))
  for (const field of nestedFields) {
    visit(value[field], found, depth + 1)
  }
}

/** Adds llama.cpp's size fields to the text, so that they are read like sizes in messages. */
function readSizes({ n_prompt_tokens, n_ctx }: JsonObject, { sizes }: Found): void {
  if (typeof n_prompt_tokens === 'number' && typeof n_ctx === 'number') {
    sizes.push(`request (${n_prompt_tokens} tokens) exceeds the context size (${n_ctx} tokens)`)
  }
}

function readStatuses(value: JsonObject): number[] {
  return statusFields
    .map((field) => Number(toWord(value[field])))
    .filter((status) => status >= 400 && status < 600)
}

function readCodeStatuses(value: JsonObject): number[] {
  return [
    digitCodeStatus(value['code']) ?? digitCodeStatus(value['type']),
    responseCodeStatus(value['status_code']),
    errorNumberStatus(value['code']),
  ].filter((status) => status !== undefined)
}

/** Reads the wait in Google's RetryInfo or OpenRouter's availability. */
function readDelays(value: JsonObject): (number | string)[] {
  const delays = [value['retryDelay'], asObject(value['availability'])?.['retry_after']]
  return delays.filter((delay) => typeof delay === 'string' || typeof delay === 'number')
}

/**
 * Adds the path of the fault to the message, which FastAPI has in a field: `body.tool_choice: Input
 * should be a valid string`.
 */
function withLocation(message: string, place: unknown): string {
  const path = asArray(place).filter((step) => typeof step === 'string' || typeof step === 'number')
  return path.length === 0 ? message : `${path.join('.')}: ${message}`
}

/** Whether the body is an error without an envelope (Mistral, vLLM, Cerebras, FastAPI). */
function isFlatError(value: JsonObject): boolean {
  const { object, type, detail, message } = value
  return (
    object === 'error' ||
    type === 'error' ||
    (value['id'] === undefined && (detail !== undefined || asString(message) !== undefined))
  )
}

function hasKeys(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

function toWord(value: unknown): string {
  return typeof value === 'number' ? String(value) : (asString(value) ?? '')
}
