/** Counts a value as the JSON that an upstream gets. */
import { isObject } from '../anthropic/json.ts'
import type { Counter } from './counter.ts'

/** A character that a JSON string must escape. */
// oxlint-disable-next-line no-control-regex -- these are the characters that JSON escapes
const needsEscaping = /["\\\u0000-\u001f]/

/** Long base64: images, files or encrypted data, which models do not read as text. */
const base64Text = /^(?:data:[\w/.+;-]+,)?[\w+/-]{256}/

/** Adds a value as JSON. Serializing it once is ten times as fast as walking it. */
export function addJson(counter: Counter, value: unknown): void {
  counter.add(JSON.stringify(value ?? null))
}

/** Adds a value of unknown shape as JSON, without base64 data in it. */
export function addUnknown(counter: Counter, value: unknown): void {
  if (typeof value === 'string') {
    addString(counter, base64Text.test(value) ? '' : value)
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
  return needsEscaping.test(text) ? JSON.stringify(text) : `"${text}"`
}

function addArray(counter: Counter, items: readonly unknown[]): void {
  let opening = '['
  for (const item of items) {
    counter.add(opening)
    addUnknown(counter, item)
    opening = ','
  }
  counter.add(opening === '[' ? '[]' : ']')
}

function addObject(counter: Counter, object: Record<string, unknown>): void {
  let opening = '{'
  for (const [key, value] of Object.entries(object)) {
    if (value !== undefined) {
      counter.add(`${opening}${toQuoted(key)}:`)
      addUnknown(counter, value)
      opening = ','
    }
  }
  counter.add(opening === '{' ? '{}' : '}')
}
