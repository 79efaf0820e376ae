/**
 * The JSON of one server-sent event. Mostly one value; some servers leave out the blank line between
 * events, which joins their data (https://github.com/rexxars/eventsource-parser/pull/31).
 */
import { parseJson } from '../../../anthropic/json.ts'

/** The values of an event's data; empty where it is no JSON. */
export function readJsonEvents(data: string): unknown[] {
  const value = parseJson(data)
  if (value !== undefined || !data.includes('\n')) {
    return value === undefined ? [] : [value]
  }
  const lines = data.split('\n').filter((line) => line.trim() !== '' && !isDone(line))
  const values = lines.map((line) => parseJson(line))
  return values.includes(undefined) ? [] : values
}

/** Whether data is the mark with which most servers end a stream. */
export function isDone(data: string): boolean {
  return data.length < 16 && data.trim() === '[DONE]'
}

/** Whether data cannot have been meant as JSON: a heartbeat of a proxy (`alive`, a time). */
export function isHeartbeat(data: string): boolean {
  return data.length < 200 && !/^\s*[[{<]/.test(data)
}
