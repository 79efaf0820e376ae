/**
 * `reasoning_details` (OpenRouter, Vercel, MiniMax, Snowflake): entries of text, summaries and
 * encrypted state, which go back as they were. A stream sends them in pieces: pieces of one type and
 * index belong together, and a signature comes with a later piece.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asString, isObject } from '../../../anthropic/json.ts'

/** Where an entry keeps what a stream sends in pieces. `text` and `summary` are shown, `data` is not. */
const contentFields = ['text', 'summary', 'data'] as const

/** The details of one answer. */
export class ReasoningDetails {
  /** Joined, in the order in which they began. */
  readonly #entries: JsonObject[] = []
  readonly #isWhole: boolean

  /** `isWhole`: the answer is not streaming, so that entries are no pieces. */
  constructor(isWhole: boolean) {
    this.#isWhole = isWhole
  }

  get entries(): JsonObject[] {
    return this.#entries
  }

  /** Takes the entries of a delta; returns the text in them that can be shown. */
  add(pieces: readonly unknown[]): string {
    let text = ''
    for (const piece of pieces) {
      if (isObject(piece)) {
        const entry = this.#isWhole
          ? undefined
          : this.#entries.findLast((other) => isContinued(other, piece))
        if (entry === undefined) {
          this.#entries.push({ ...piece })
        } else {
          extend(entry, piece)
        }
        text += asString(piece['text']) ?? asString(piece['summary']) ?? ''
      }
    }
    return text
  }
}

function isContinued(entry: JsonObject, piece: JsonObject): boolean {
  return (
    entry['type'] === piece['type'] &&
    entry['index'] === piece['index'] &&
    (!piece['id'] || !entry['id'] || entry['id'] === piece['id']) &&
    // A signature ends an entry; text after it is another thought on the same index.
    !(entry['signature'] && piece['text'])
  )
}

/** Content is appended; id, format, signature and the like are set where the piece has them. */
function extend(entry: JsonObject, piece: JsonObject): void {
  for (const [field, value] of Object.entries(piece)) {
    if (value === null || value === undefined || value === '') {
      continue
    }
    const before = entry[field]
    const isContent = contentFields.some((name) => name === field)
    if (!isContent || typeof before !== 'string' || typeof value !== 'string') {
      entry[field] = value
    } else if (field !== 'data' || before !== value) {
      // Encrypted state that comes twice is repeated (OpenRouter), not continued.
      entry[field] = before + value
    }
  }
}
