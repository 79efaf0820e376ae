/**
 * Converts every provider's rate limit headers, messages and units to Anthropic's `retry-after` and
 * `anthropic-ratelimit-*`.
 */
type Name = 'requests' | 'tokens'

/** The providers' header suffixes for each window, the shortest window first. */
const spellings: Record<Name, readonly string[]> = {
  // OpenAI, Azure, Groq and xAI · Mistral · Cerebras · Together, OpenRouter (no suffix at all).
  requests: ['-requests', '-req-minute', '-requests-minute', '-requests-day', ''],
  // As above · Mistral, Cerebras, Hugging Face.
  tokens: ['-tokens', '-tokens-minute', '-tokens-day', '-tokens-month'],
}

/** A day, in seconds: longer waits are in a misinterpreted unit or not worth waiting for. */
const maxRetryAfter = 86_400

/**
 * The headers `anthropic-ratelimit-*` for each window of which limit and remaining are known.
 * `now`, in milliseconds, converts durations to instants; without it only instants are reported.
 */
export function toRateLimitHeaders(headers: Headers, now?: number): Record<string, string> {
  const result: Record<string, string> = {}
  for (const name of ['requests', 'tokens'] as const) {
    const window = findWindow(headers, name)
    if (window !== undefined) {
      const prefix = `anthropic-ratelimit-${name}`
      const reset = toReset(window.reset, now)
      result[`${prefix}-limit`] = window.limit
      result[`${prefix}-remaining`] = window.remaining
      if (reset !== undefined) {
        result[`${prefix}-reset`] = reset
      }
    }
  }
  return result
}

/**
 * The sources of a delay: headers, a field of the body, and the words of the message. `now` is in epoch
 * milliseconds.
 */
export interface RetryHints {
  headers?: Headers | undefined
  /** The upstream's message, with nested ones. */
  text: string
  /** The wait in a field of the body: seconds, or a duration such as `34s`. */
  delay?: number | string | undefined
  now?: number | undefined
}

/**
 * The whole seconds to wait; undefined if unknown. A wait for this request takes precedence over
 * the resets of windows in headers.
 */
export function toRetryAfter({ headers, text, delay, now }: RetryHints): number | undefined {
  const seconds =
    readRetryHeaders(headers, now) ??
    (typeof delay === 'number' ? delay : readDuration(delay)) ??
    readDuration(
      /(?:try(?:ing)? again|retry(?:ing)?|wait|available again|resets?)(?: again)?(?: your request)?(?: in| after| for| at least| about| approximately)* ([\d.]+ ?[a-z]+(?: ?(?:and )?[\d.]+ ?[a-z]+)*)/i.exec(
        text,
      )?.[1],
    ) ??
    readEmptyWindows(headers, now)
  if (seconds === undefined || !(seconds > 0)) {
    return undefined
  }
  return Math.min(Math.ceil(seconds), maxRetryAfter)
}

function readRetryHeaders(headers: Headers | undefined, now?: number): number | undefined {
  const milliseconds = readNumber(headers?.get('retry-after-ms'))
  if (milliseconds !== undefined) {
    return milliseconds / 1000
  }
  const value = headers?.get('retry-after') ?? undefined
  const instant = value === undefined ? undefined : readInstant(value)
  return instant === undefined ? readDuration(value) : until(instant, now)
}

/** The longest wait in seconds for an exhausted window. */
function readEmptyWindows(headers: Headers | undefined, now?: number): number | undefined {
  let longest: number | undefined
  for (const name of ['requests', 'tokens'] as const) {
    const window = headers && findWindow(headers, name)
    if (window?.remaining === '0') {
      const instant = toInstant(window.reset, now)
      const seconds = instant === undefined ? readDuration(window.reset) : until(instant, now)
      longest = Math.max(longest ?? 0, seconds ?? 0)
    }
  }
  return longest
}

interface Window {
  limit: string
  remaining: string
  reset: string | undefined
}

function findWindow(headers: Headers, name: Name): Window | undefined {
  for (const spelling of spellings[name]) {
    const limit = readCount(headers.get(`x-ratelimit-limit${spelling}`))
    const remaining = readCount(headers.get(`x-ratelimit-remaining${spelling}`))
    if (limit !== undefined && remaining !== undefined) {
      const reset = headers.get(`x-ratelimit-reset${spelling}`) ?? undefined
      return { limit, remaining, reset }
    }
  }
  return undefined
}

function toReset(reset: string | undefined, now: number | undefined): string | undefined {
  const instant = toInstant(reset, now)
  return instant === undefined ? undefined : toRfc3339(instant)
}

/**
 * Parses a reset to milliseconds since the epoch. OpenRouter's unit is undocumented, and inferred
 * from the magnitude.
 */
function toInstant(reset: string | undefined, now: number | undefined): number | undefined {
  if (reset === undefined) {
    return undefined
  }
  const instant = readInstant(reset)
  if (instant !== undefined) {
    return instant
  }
  const number = readNumber(reset)
  if (number !== undefined && number > 1e9) {
    return number > 1e12 ? number : number * 1000
  }
  const seconds = readDuration(reset)
  return seconds === undefined || now === undefined ? undefined : now + seconds * 1000
}

function until(instant: number, now: number | undefined): number | undefined {
  return now === undefined ? undefined : (instant - now) / 1000
}

/** The longest duration in characters; a search in longer text could take quadratic time. */
const maxDurationLength = 64

const unitSeconds: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 }

/**
 * Parses a duration to seconds: `34`, `5.289s`, `76ms`, `2m59.56s`, `1h2m`, `20 seconds`, `5
 * minutes`.
 */
function readDuration(text: string | undefined): number | undefined {
  const number = readNumber(text)
  if (number !== undefined) {
    return number
  }
  let seconds: number | undefined
  for (const [, digits = '', unit = ''] of (text ?? '')
    .slice(0, maxDurationLength)
    .matchAll(/(?<![\d.])([\d.]+)\s*([a-z]+)/gi)) {
    const factor = unitSeconds[toUnit(unit)]
    const count = readNumber(digits.replace(/\.$/, ''))
    if (factor !== undefined && count !== undefined) {
      seconds = (seconds ?? 0) + count * factor
    }
  }
  return seconds
}

function toUnit(word: string): string {
  const unit = word.toLowerCase()
  return unit === 'ms' || unit.startsWith('milli') ? 'ms' : unit.slice(0, 1)
}

function readNumber(text: string | null | undefined): number | undefined {
  return text !== null && text !== undefined && /^\d+(?:\.\d+)?$/.test(text.trim())
    ? Number(text)
    : undefined
}

function readCount(text: string | null): string | undefined {
  const trimmed = text?.trim()
  return trimmed !== undefined && /^\d+$/.test(trimmed) ? trimmed : undefined
}

/** Formats an instant as RFC 3339 in seconds; undefined if it is out of range. */
function toRfc3339(epochMs: number): string | undefined {
  // From the year 2000 to 9999: others are in a misinterpreted unit.
  if (!(epochMs >= 946_684_800_000 && epochMs < 253_402_300_800_000)) {
    return undefined
  }
  // oxlint-disable-next-line no-restricted-globals -- formats an instant that was given
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`
}

/** Parses an HTTP date or ISO date to milliseconds since the epoch; undefined for other text. */
function readInstant(text: string): number | undefined {
  if (!/^(?:\w{3}, \d|\d{4}-\d\d-\d\d[T ])/.test(text)) {
    return undefined
  }
  // oxlint-disable-next-line no-restricted-globals -- parses an instant that was given
  const epochMs = Date.parse(text)
  return Number.isNaN(epochMs) ? undefined : epochMs
}
