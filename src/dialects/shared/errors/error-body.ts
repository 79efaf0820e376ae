/**
 * What an error body says, whatever its shape: every provider has its own, and routers wrap those of
 * others, sometimes as JSON inside a string.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asObject, asString, isObject, parseJson } from '../../../anthropic/json.ts'
import { digitCodeStatus, errorNumberStatus, responseCodeStatus } from './error-codes.ts'

export interface ErrorFacts {
  /** What to show; `''` where nothing was said. */
  message: string
  /** Codes, types and names of errors, in lower case, separated by spaces: what they are told by. */
  words: string
  /** Every text found, for wordings that hide in nested ones. */
  text: string
  /** The HTTP status that the body speaks of. */
  status?: number
  /** The status that a provider's own number stands for; truer than the one it was sent with. */
  codeStatus?: number
  /** Seconds, or a duration as text, until a retry may succeed. */
  delay?: number | string
}

/** What is found on the way down, the outermost first. */
interface Found {
  messages: string[]
  words: string[]
  statuses: number[]
  codeStatuses: number[]
  sizes: string[]
  delays: (number | string)[]
}

/** Whether a body that came with status 200, or a chunk of a stream, is an error. */
export function isErrorBody(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.length > 0 && isErrorBody(value[0])
  }
  if (!isObject(value)) {
    return false
  }
  const { error, base_resp, success, choices } = value
  const isError = typeof error === 'string' ? error !== '' : hasKeys(error)
  // MiniMax answers 200 to everything.
  const responseCode = asObject(base_resp)?.['status_code']
  if (isError || (responseCode !== undefined && responseCode !== 0)) {
    return true
  }
  return !Array.isArray(choices) && (success === false || isFlatError(value) || isStatusText(value))
}

/** An HTTP status and a text instead of an answer: `{"status": "449", "msg": …}` (iFlow), `{"code": 500, "msg": …}`. */
function isStatusText(value: JsonObject): boolean {
  return readStatuses(value).length > 0 && messageFields.some((field) => asString(value[field]))
}

/** Reads a body that was JSON, or a text. */
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
  const message = messages.find((said) => !vague.test(said)) ?? messages[0]
  const [status] = found.statuses
  const [codeStatus] = found.codeStatuses
  const [delay] = found.delays
  return {
    message: message ?? '',
    words: found.words.join(' ').toLowerCase(),
    text: [...found.words, ...messages, ...found.sizes].join('\n').slice(0, maxText),
    ...(status === undefined ? {} : { status }),
    ...(codeStatus === undefined ? {} : { codeStatus }),
    ...(delay === undefined ? {} : { delay }),
  }
}

/** What routers (OpenRouter) and frameworks (Azure) say above the cause. */
const vague =
  /^(?:provider returned error|invalid input(?: error)?|bad request|unprocessable entity)\W*$/i

/** Of the texts that wordings are looked for in: what matters is said in the beginning. */
const maxText = 8000

/** Objects nest: `error`, `errors[]`, `detail`, `metadata.raw`, `base_resp`. More than this is a joke. */
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
/** In this order: the provider's own words before those it passes on. */
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
    const said = value[field]
    if (typeof said === 'string') {
      visitText(withPlace(said, value['loc']), found, depth)
    } else {
      // Mistral puts the details into the message.
      visit(said, found, depth + 1)
    }
  }
  found.words.push(...wordFields.map((field) => toWord(value[field])).filter((word) => word !== ''))
  readSizes(value, found)
  found.statuses.push(...readStatuses(value))
  found.codeStatuses.push(...readCodeStatuses(value))
  found.delays.push(...readDelays(value))
  for (const field of nestedFields) {
    visit(value[field], found, depth + 1)
  }
}

/** llama.cpp says the sizes in fields of their own; as words they are read with all others. */
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

/** Google's RetryInfo, OpenRouter's availability. */
function readDelays(value: JsonObject): (number | string)[] {
  const delays = [value['retryDelay'], asObject(value['availability'])?.['retry_after']]
  return delays.filter((delay) => typeof delay === 'string' || typeof delay === 'number')
}

/** FastAPI says where in the body the fault is: `body.tool_choice: Input should be a valid string`. */
function withPlace(message: string, place: unknown): string {
  const path = asArray(place).filter((step) => typeof step === 'string' || typeof step === 'number')
  return path.length === 0 ? message : `${path.join('.')}: ${message}`
}

/** Errors without an envelope: Mistral, vLLM, Cerebras, FastAPI. */
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
