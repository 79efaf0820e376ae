/**
 * The JSON of one server-sent event. Usually one value; some servers omit the blank line between
 * events, which joins their data (https://github.com/rexxars/eventsource-parser/pull/31).
 */
import { parseExact } from '../../../anthropic/exact-json.ts'

/** Parses the values in an event's data; empty if it is not valid JSON. */
export function readJsonEvents(data: string): unknown[] {
  const value = parseExact(data)
  if (value !== undefined || !data.includes('\n')) {
    return value === undefined ? [] : [value]
  }
  const lines = data.split('\n').filter((line) => line.trim() !== '' && !isDone(line))
  const values = lines.map((line) => parseExact(line))
  return values.includes(undefined) ? [] : values
}

/** Whether data is `[DONE]`, with which most servers end a stream. */
export function isDone(data: string): boolean {
  return data.length < 16 && data.trim() === '[DONE]'
}

/** Whether data is a proxy's heartbeat rather than malformed JSON (`alive`, a time). */
export function isHeartbeat(data: string): boolean {
  return data.length < 200 && !/^\s*[[{<]/.test(data)
}
