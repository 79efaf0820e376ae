/**
 * Enforces stop sequences for upstreams that support none, or fewer than the client gave. Text that
 * may be a prefix of a sequence is buffered until that is decided, so that a sequence is found
 * across chunk boundaries and no part of it is sent. The first sequence to be complete wins, as in
 * a model that stops generating there; of several that end together, the longest.
 */
import type { PartStage } from './part-stage.ts'
import type { Part } from './part.ts'

/** Filters the parts of one answer in time linear in the text, whatever the sequences. */
export class StopSequenceFilter implements PartStage {
  readonly #automaton: Automaton
  readonly #withheld = new TextQueue()
  #state = 0
  #hasMatched = false

  /** Creates a filter; `sequences` must not be empty strings. */
  constructor(sequences: readonly string[]) {
    this.#automaton = new Automaton(sequences)
  }

  /** Returns the parts that may be sent. After a match there are none. */
  write(parts: readonly Part[]): Part[] {
    const passed: Part[] = []
    for (const part of parts) {
      if (this.#hasMatched) {
        break
      }
      if (part.type === 'text-delta') {
        this.#filterText(part.text, passed)
      } else {
        if (part.type !== 'start' && part.type !== 'usage') {
          pushText(this.#withheld.take(this.#withheld.length), passed)
          this.#state = 0
        }
        passed.push(part)
      }
    }
    return passed
  }

  #filterText(text: string, passed: Part[]): void {
    for (let at = 0; at < text.length; at += 1) {
      this.#state = this.#automaton.next(this.#state, text.charCodeAt(at))
      const sequence = this.#automaton.matchAt(this.#state)
      if (sequence !== undefined) {
        this.#withheld.add(text.slice(0, at + 1))
        pushText(this.#withheld.take(this.#withheld.length - sequence.length), passed)
        passed.push({ type: 'stop', reason: 'stop_sequence', sequence })
        this.#hasMatched = true
        return
      }
    }
    this.#withheld.add(text)
    const undecided = this.#automaton.depth(this.#state)
    pushText(this.#withheld.take(this.#withheld.length - undecided), passed)
  }
}

/**
 * The Aho–Corasick automaton (https://doi.org/10.1145/360825.360855). A state is the longest prefix
 * of a sequence that is a suffix of the text; 0 is the empty one.
 */
class Automaton {
  /** Per state: the code unit of its first child, or -1, that child, and all others where there are several. */
  readonly #units: number[] = [-1]
  readonly #children: number[] = [0]
  readonly #branches = new Map<number, Map<number, number>>()
  /**
   * Per state: the next shorter prefix that is a suffix of the text, its length, the sequence
   * complete in it.
   */
  readonly #fallbacks: number[] = [0]
  readonly #depths: number[] = [0]
  readonly #matches: (string | undefined)[] = [undefined]

  /**
   * Adds the sequences in parallel, character by character, so that a state's fallback exists
   * before it.
   */
  constructor(sequences: readonly string[]) {
    let open = sequences.map((sequence) => ({ sequence, state: 0 }))
    for (let at = 0; open.length > 0; at += 1) {
      for (const one of open) {
        const unit = one.sequence.charCodeAt(at)
        one.state = this.#child(one.state, unit) ?? this.#add(one.state, unit)
        if (at === one.sequence.length - 1) {
          this.#matches[one.state] = one.sequence
        }
      }
      open = open.filter(({ sequence }) => at < sequence.length - 1)
    }
  }

  next(from: number, unit: number): number {
    let state = from
    for (;;) {
      const longer = this.#child(state, unit)
      if (longer !== undefined || state === 0) {
        return longer ?? 0
      }
      state = this.#fallbacks[state] ?? 0
    }
  }

  /** Returns the longest sequence that is complete in a state. */
  matchAt(state: number): string | undefined {
    return this.#matches[state]
  }

  depth(state: number): number {
    return this.#depths[state] ?? 0
  }

  #child(state: number, unit: number): number | undefined {
    return this.#units[state] === unit
      ? this.#children[state]
      : this.#branches.get(state)?.get(unit)
  }

  #add(parent: number, unit: number): number {
    const fallback = parent === 0 ? 0 : this.next(this.#fallbacks[parent] ?? 0, unit)
    const state = this.#depths.push(this.depth(parent) + 1) - 1
    this.#fallbacks.push(fallback)
    this.#matches.push(this.#matches[fallback])
    this.#units.push(-1)
    this.#children.push(0)
    if (this.#units[parent] === -1) {
      this.#units[parent] = unit
      this.#children[parent] = state
    } else {
      const branches = this.#branches.get(parent) ?? new Map<number, number>()
      this.#branches.set(parent, branches.set(unit, state))
    }
    return state
  }
}

/** A queue of text: appending and removing do not copy what is queued. */
class TextQueue {
  #pieces: string[] = []
  /** The number of removed chunks, and of removed characters of the next one. */
  #taken = 0
  #offset = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  add(text: string): void {
    if (text !== '') {
      this.#pieces.push(text)
      this.#length += text.length
    }
  }

  take(length: number): string {
    let taken = ''
    while (taken.length < length) {
      const piece = this.#pieces[this.#taken] ?? ''
      const end = Math.min(piece.length, this.#offset + length - taken.length)
      taken += piece.slice(this.#offset, end)
      this.#offset = end
      if (end === piece.length) {
        this.#taken += 1
        this.#offset = 0
      }
    }
    this.#length -= taken.length
    if (this.#taken * 2 > this.#pieces.length) {
      this.#pieces = this.#pieces.slice(this.#taken)
      this.#taken = 0
    }
    return taken
  }
}

function pushText(text: string, parts: Part[]): void {
  if (text !== '') {
    parts.push({ type: 'text-delta', text })
  }
}
