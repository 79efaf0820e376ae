/**
 * `reasoning_details` (OpenRouter, Vercel, MiniMax, Snowflake): entries of text, summaries and
 * encrypted state, which must be returned unchanged. A stream sends them in deltas: those of one
 * type and index belong together, and a later one may add a signature.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asString, isObject } from '../../../anthropic/json.ts'

/** The fields of an entry that deltas extend. `text` and `summary` are shown, `data` is not. */
const contentFields = ['text', 'summary', 'data'] as const

/** The reasoning details of one answer. */
export class ReasoningDetails {
  /** The merged entries in the order of their first deltas. */
  readonly #entries: JsonObject[] = []
  readonly #isWhole: boolean

  /**
   * Creates the details; `isWhole`: the answer is not streaming, so that entries are not merged.
   */
  constructor(isWhole: boolean) {
    this.#isWhole = isWhole
  }

  get entries(): JsonObject[] {
    return this.#entries
  }

  /** Merges the entries of a delta; returns their visible text. */
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
    // A signature ends an entry; text after it begins another one on the same index.
    !(entry['signature'] && piece['text'])
  )
}

/** Merges a delta into its entry: content is appended, other fields are replaced. */
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
      // Encrypted state that is sent twice is a repetition (OpenRouter), not a continuation.
      entry[field] = before + value
    }
  }
}
