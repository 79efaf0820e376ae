/**
 * The arguments of one tool call: turns the deltas that a provider sends into deltas that
 * concatenate to one JSON object.
 *
 *   empty ──`{}`──▶ placeholder ──`{…`──▶ first ──delta that repeats it──▶ repeated ──▶ snapshots
 *     │                                    │  │                              │
 *     ├──`"…`──▶ quoted                    ▲  └───────other delta─────▶ plain ◀── other delta
 *     └──`{…`──────────────────────────────┘
 *
 * Buffered until decided: a placeholder (OpenRouter's routes send `{}` before the text), JSON
 * inside a JSON string, and a second delta that may be a snapshot of the arguments so far.
 */
import { isObject, parseJson } from '../../../anthropic/json.ts'
import { ObjectExtent, toObjectText } from '../../shared/answer/object-text.ts'

type Phase =
  | 'empty'
  | 'placeholder'
  | 'other'
  | 'first'
  | 'repeated'
  | 'snapshots'
  | 'plain'
  /** A custom tool, whose input is text: it becomes `{ "input": … }` when complete. */
  | 'free'

/** Reads the argument deltas of one tool call. */
export class ToolArguments {
  #phase: Phase
  /** The arguments so far, without what is buffered. */
  #text = ''
  /** A second delta that repeats the first. */
  #buffered = ''
  /** The extent of the object in the emitted deltas. */
  readonly #extent = new ObjectExtent()

  /**
   * Creates the arguments of one call; `isFree`: of a custom tool. The gateway declares none; a
   * provider may have its own.
   */
  constructor(isFree: boolean) {
    this.#phase = isFree ? 'free' : 'empty'
  }

  /** Reads a delta that is not empty; returns what can be emitted. */
  take(piece: string): string {
    return this.#extent.clip(this.#read(piece))
  }

  #read(piece: string): string {
    switch (this.#phase) {
      case 'empty':
        return this.#begin(piece)
      case 'placeholder':
        return this.#replacePlaceholder(piece)
      case 'free':
      case 'other':
        this.#text += piece
        return ''
      case 'first':
        return this.#takeSecond(piece)
      case 'repeated':
        return this.#takeThird(piece)
      case 'snapshots':
        return this.#takeSnapshot(piece)
      case 'plain':
        return this.#isRepetition(piece) ? '' : this.#append(piece)
    }
  }

  /**
   * The remaining arguments at the end of the call. Text that is not JSON is returned unchanged.
   */
  get rest(): string {
    const text = this.#text
    const buffered = this.#buffered
    switch (this.#phase) {
      case 'placeholder':
        return text
      case 'other':
        return toObjectText(text)
      case 'free':
        return JSON.stringify({ input: text })
      case 'repeated':
        return this.#extent.clip(
          isWhole(buffered) && !isWhole(text + buffered) ? buffered.slice(text.length) : buffered,
        )
      case 'empty':
      case 'first':
      case 'snapshots':
      case 'plain':
        return ''
    }
  }

  /** Whether the emitted arguments are a complete object, to which nothing can be added. */
  get isComplete(): boolean {
    const phase = this.#phase
    const isEmitted = phase === 'first' || phase === 'snapshots' || phase === 'plain'
    return isEmitted && this.#extent.isClosed
  }

  /** Whether the arguments are complete if no more deltas arrive. */
  get isWholeAtEnd(): boolean {
    const phase = this.#phase
    const isBuffered = phase === 'free' || phase === 'other' || phase === 'placeholder'
    const all = (isBuffered ? '' : this.#text) + this.rest
    return all.trim() === '' || this.#extent.isClosed || isWhole(all)
  }

  /** Whether the arguments are not emitted as the server wrote them. */
  get isRepaired(): boolean {
    const isOther = this.#phase === 'other' && toObjectText(this.#text) !== this.#text
    return this.#extent.hasCut || isOther
  }

  /** Whether a complete object was emitted. */
  get isClosed(): boolean {
    return this.#extent.isClosed
  }

  /**
   * Whether a delta is a complete object after a complete object, and so belongs to another call.
   */
  isFollowedBy(piece: string): boolean {
    const text = this.#text
    return piece.trimStart().startsWith('{') && !piece.startsWith(text) && this.#extent.isClosed
  }

  #begin(piece: string): string {
    this.#text = (this.#text + piece).trimStart()
    const trimmed = this.#text.trimEnd()
    if (trimmed === '') {
      return ''
    }
    if (trimmed === '{}') {
      this.#phase = 'placeholder'
      return ''
    }
    this.#phase = /^\{(?!\{)/.test(trimmed) ? 'first' : 'other'
    return this.#phase === 'first' ? this.#text : ''
  }

  #replacePlaceholder(piece: string): string {
    const start = piece.trimStart()
    if (start === '' || start.trimEnd() === '{}') {
      return ''
    }
    this.#phase = 'first'
    this.#text = start.startsWith('{') ? start : this.#text + piece
    return this.#text
  }

  #takeSecond(piece: string): string {
    if (!piece.startsWith(this.#text)) {
      return this.#append(piece)
    }
    // `{"a":` may also continue with `{"a":1}}`: the next delta, or the end, decides.
    this.#buffered = piece
    this.#phase = 'repeated'
    return ''
  }

  #takeThird(piece: string): string {
    if (!piece.startsWith(this.#buffered)) {
      return this.#append(this.#buffered + piece)
    }
    this.#phase = 'snapshots'
    return this.#takeSnapshot(piece)
  }

  #takeSnapshot(piece: string): string {
    const text = this.#text
    if (!piece.startsWith(text)) {
      return text.startsWith(piece) ? '' : this.#append(piece)
    }
    this.#text = piece
    return piece.slice(text.length)
  }

  #append(piece: string): string {
    this.#phase = 'plain'
    this.#text += piece
    return piece
  }

  /** Whether a delta repeats the complete arguments, as some servers do at the end. */
  #isRepetition(piece: string): boolean {
    const text = this.#text
    return piece.length === text.length && piece === text && isWhole(text)
  }
}

function isWhole(text: string): boolean {
  return text.trimEnd().endsWith('}') && isObject(parseJson(text))
}
