/** Counts a value as the JSON that an upstream gets. */
import { isObject } from '../anthropic/json.ts'
import type { Counter } from './counter.ts'

/** What a JSON string cannot hold as it is. */
// oxlint-disable-next-line no-control-regex -- these are the characters that JSON escapes
const ESCAPED = /["\\\u0000-\u001f]/

/** Longer strings of nothing but base64 are images, files or ciphers. */
const BINARY = /^(?:data:[\w/.+;-]+,)?[\w+/-]{256}/

/** Counts a value whole. To write it and count it once costs a tenth of counting it piece by piece. */
export function addJson(counter: Counter, value: unknown): void {
  counter.add(JSON.stringify(value ?? null))
}

/** Counts a value of a shape that is not known: without the base64 that it may hold. */
export function addProse(counter: Counter, value: unknown): void {
  if (typeof value === 'string') {
    addString(counter, BINARY.test(value) ? '' : value)
  } else if (Array.isArray(value)) {
    addArray(counter, value)
  } else if (isObject(value)) {
    addObject(counter, value)
  } else {
    counter.add(String(value))
  }
}

function addString(counter: Counter, text: string): void {
  counter.add(toQuoted(text))
}

function toQuoted(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`
}

function addArray(counter: Counter, items: readonly unknown[]): void {
  let opening = '['
  for (const item of items) {
    counter.add(opening)
    addProse(counter, item)
    opening = ','
  }
  counter.add(opening === '[' ? '[]' : ']')
}

function addObject(counter: Counter, object: Record<string, unknown>): void {
  let opening = '{'
  for (const [key, value] of Object.entries(object)) {
    if (value !== undefined) {
      counter.add(`${opening}${toQuoted(key)}:`)
      addProse(counter, value)
      opening = ','
    }
  }
  counter.add(opening === '{' ? '{}' : '}')
}
