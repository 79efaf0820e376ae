/** Server-sent events as text that is not to be changed: where they end, and what they carry. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, asString, parseJson } from '../../anthropic/json.ts'
import { isErrorBody } from '../../dialects/shared/errors/error-body.ts'
import { redact } from '../../dialects/shared/errors/redact.ts'

const borders = ['\n\n', '\r\n\r\n', '\r\r']
const longestBorder = 4

/** Buffers text until an event is complete. Scans each chunk once, however long the event. */
export class EventSplitter {
  #unfinished: string[] = []
  #length = 0
  /** The end of the incomplete event, in which a boundary may begin. */
  #end = ''

  /** The characters of the incomplete event. */
  get length(): number {
    return this.#length
  }

  /** Adds a chunk; returns the events that it completes, often `''`. */
  take(piece: string): string {
    const seen = this.#end + piece
    const end = lastBorder(seen) - this.#end.length
    if (end <= 0) {
      this.#retain(piece)
      this.#end = seen.slice(1 - longestBorder)
      return ''
    }
    const events = this.#unfinished.join('') + piece.slice(0, end)
    const rest = piece.slice(end)
    this.#unfinished = []
    this.#length = 0
    this.#retain(rest)
    this.#end = rest.slice(1 - longestBorder)
    return events
  }

  #retain(piece: string): void {
    if (piece !== '') {
      this.#unfinished.push(piece)
      this.#length += piece.length
    }
  }
}

/** The index after the last complete event; 0 if there is none. */
function lastBorder(text: string): number {
  return borders.reduce((last, border) => {
    const at = text.lastIndexOf(border)
    return at === -1 ? last : Math.max(last, at + border.length)
  }, 0)
}

/** The index after the event that begins at `from`. */
export function firstBorder(text: string, from: number): number {
  // One search for all borders: one for each would read the whole text for a border that is not in it.
  const border = /\r\n\r\n|\n\n|\r\r/g
  border.lastIndex = from
  return border.test(text) ? border.lastIndex : text.length
}

/** Yields the events of a text, each with its blank line. */
export function* eventsOf(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const end = firstBorder(text, at)
    yield text.slice(at, end)
    at = end
  }
}

/** Parses the data of one event; undefined if it is not a JSON object. */
export function readData(event: string): JsonObject | undefined {
  return asObject(parseJson(readField(event, 'data')))
}

/** The value of a field of one event, `''` if there is none. */
function readField(event: string, field: 'data' | 'event'): string {
  const lines = event.split(/\r\n|\r|\n/).filter((line) => line.startsWith(`${field}:`))
  return lines.map((line) => line.slice(field.length + 1).replace(/^ /, '')).join('\n')
}

/** The error that an event is, in whatever shape; undefined for every other event. */
export function readError(event: string, data: JsonObject | undefined): unknown {
  const type = data?.['type']
  const isError =
    type === 'error' ||
    readField(event, 'event').trim() === 'error' ||
    (type === undefined && isErrorBody(data))
  return isError ? (data ?? readErrorText(event)) : undefined
}

/** The text of an error that is not JSON, on one line where only that shows a secret which its lines divide. */
function readErrorText(event: string): string {
  const text = readField(event, 'data').trim()
  const joined = text.replaceAll('\n', '')
  return joined !== text && redact(joined) !== joined ? redact(joined) : text
}

/** Whether an event consists of one line of data, besides its name. */
export function hasOneLine(event: string): boolean {
  return /^(?:event:.*(?:\r\n|\r|\n))?data:.*(?:\r\n|\r|\n){2}$/.test(event)
}

/** The event under the name of its type, without which SDKs skip it (@anthropic-ai/sdk, core/streaming). */
export function withName(event: string, data: JsonObject | undefined): string {
  const type = asString(data?.['type'])
  return type === undefined || readField(event, 'event').trim() === type
    ? event
    : `event: ${type}\n${event.replace(/^event:.*(?:\r\n|\r|\n)/gm, '')}`
}
