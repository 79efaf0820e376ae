/** Server-sent events as text that is not to be changed: where they end, and what their data says. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, parseJson } from '../../anthropic/json.ts'

/** Where the last whole event ends. */
export function lastBorder(text: string): number {
  const [plain, windows, old] = borders.map((border) => {
    const at = text.lastIndexOf(border)
    return at === -1 ? 0 : at + border.length
  })
  return Math.max(plain ?? 0, windows ?? 0, old ?? 0)
}

const borders = ['\n\n', '\r\n\r\n', '\r\r']

/** Where the event ends that begins there. */
export function firstBorder(text: string, from: number): number {
  const ends = borders.map((border) => {
    const at = text.indexOf(border, from)
    return at === -1 ? text.length : at + border.length
  })
  return Math.min(...ends)
}

/** The events of a text, each with its blank line. */
export function* eventsOf(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const end = firstBorder(text, at)
    yield text.slice(at, end)
    at = end
  }
}

/** The data of one event; undefined where there is none, or no JSON object. */
export function readData(event: string): JsonObject | undefined {
  const lines = event.split(/\r\n|\r|\n/).filter((line) => line.startsWith('data:'))
  return asObject(parseJson(lines.map((line) => line.slice('data:'.length)).join('\n')))
}
