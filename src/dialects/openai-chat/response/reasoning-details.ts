/**
 * `reasoning_details` (OpenRouter, Vercel, MiniMax, Snowflake): entries of text, summaries and
 * encrypted state, which go back as they were. A stream tells them in pieces: pieces of one type and
 * index belong together, and a signature comes with a later piece.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asString, isObject } from '../../../anthropic/json.ts'

/** All entries so far. Made by {@link createDetails}; not to be shared. */
export interface Details {
  /** Joined, in the order in which they began. */
  entries: JsonObject[]
  /** Entries are no pieces. */
  isWhole: boolean
}

/** Where an entry keeps what a stream tells in pieces. `text` and `summary` are shown, `data` is not. */
const contentFields = ['text', 'summary', 'data'] as const

export function createDetails(isWhole: boolean): Details {
  return { entries: [], isWhole }
}

/** Takes the entries of a delta; gives the text in them that can be shown. */
export function addDetails({ entries, isWhole }: Details, pieces: readonly unknown[]): string {
  let text = ''
  for (const piece of pieces) {
    if (isObject(piece)) {
      const entry = isWhole ? undefined : entries.findLast((other) => isContinued(other, piece))
      if (entry === undefined) {
        entries.push({ ...piece })
      } else {
        extend(entry, piece)
      }
      text += asString(piece['text']) ?? asString(piece['summary']) ?? ''
    }
  }
  return text
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
      // Encrypted state that comes twice is said twice (OpenRouter), not continued.
      entry[field] = before + value
    }
  }
}
