/**
 * Searches by a regular expression in time that is linear in the text, whatever the pattern: all states that the
 * pattern can be in are followed at once (https://swtch.com/~rsc/regexp/regexp1.html).
 */
import type { Node, Test } from './parse-pattern.ts'
import { isWord, parsePattern, PatternError } from './parse-pattern.ts'

type State =
  | { kind: 'character'; test: Test; next: number }
  | { kind: 'split'; next: readonly number[] }
  | { kind: 'start' | 'end' | 'boundary' | 'no-boundary'; next: number }
  | { kind: 'match' }

const maxStates = 5000

/** A compiled pattern. */
export class Pattern {
  readonly #states: State[] = [{ kind: 'match' }]
  readonly #start: number

  /** Throws a {@link PatternError}. */
  constructor(pattern: string) {
    this.#start = this.#compile(parsePattern(pattern), 0)
  }

  /** Whether the pattern occurs in a text. `spend` is called with the steps that it takes, and may throw. */
  occursIn(text: string, spend: (steps: number) => void): boolean {
    const characters = Array.from(text)
    let current = new Set<number>()
    for (let at = 0; at <= characters.length; at += 1) {
      this.#follow(this.#start, current, characters, at)
      if (current.has(0)) {
        return true
      }
      spend(current.size + 1)
      const character = characters[at]
      const next = new Set<number>()
      for (const index of character === undefined ? [] : current) {
        const state = this.#states[index]
        if (state?.kind === 'character' && character !== undefined && state.test(character)) {
          this.#follow(state.next, next, characters, at + 1)
        }
      }
      current = next
    }
    return current.has(0)
  }

  /** Adds a state and all that can be reached from it without a character. */
  #follow(from: number, states: Set<number>, characters: readonly string[], at: number): void {
    const waiting = [from]
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      const state = this.#states[index]
      if (state === undefined || states.has(index)) {
        continue
      }
      states.add(index)
      if (state.kind === 'split') {
        for (const next of state.next) {
          waiting.push(next)
        }
      } else if (state.kind !== 'match' && state.kind !== 'character') {
        if (holds(state.kind, characters, at)) {
          waiting.push(state.next)
        }
      }
    }
  }

  /** Returns the first state of a node that `next` follows. */
  #compile(node: Node, next: number): number {
    switch (node.kind) {
      case 'character':
        return this.#add({ kind: 'character', test: node.test, next })
      case 'sequence':
        return node.nodes.reduceRight((after, part) => this.#compile(part, after), next)
      case 'choice':
        return this.#add({
          kind: 'split',
          next: node.nodes.map((part) => this.#compile(part, next)),
        })
      case 'repeat':
        return this.#compileRepeat(node, next)
      default:
        return this.#add({ kind: node.kind, next })
    }
  }

  #compileRepeat({ node, min, max }: Extract<Node, { kind: 'repeat' }>, next: number): number {
    let first = next
    if (max === Infinity) {
      first = this.#add({ kind: 'split', next: [next] })
      const body = this.#compile(node, first)
      this.#states[first] = { kind: 'split', next: [body, next] }
    } else {
      for (let count = min; count < max; count += 1) {
        first = this.#add({ kind: 'split', next: [this.#compile(node, first), next] })
      }
    }
    for (let count = 0; count < min; count += 1) {
      first = this.#compile(node, first)
    }
    return first
  }

  #add(state: State): number {
    if (this.#states.length >= maxStates) {
      throw new PatternError('the pattern is too complex')
    }
    return this.#states.push(state) - 1
  }
}

function holds(
  kind: 'start' | 'end' | 'boundary' | 'no-boundary',
  characters: readonly string[],
  at: number,
): boolean {
  switch (kind) {
    case 'start':
      return at === 0
    case 'end':
      return at === characters.length
    case 'boundary':
    case 'no-boundary': {
      const isBoundary = isWord(characters[at - 1] ?? ' ') !== isWord(characters[at] ?? ' ')
      return isBoundary === (kind === 'boundary')
    }
  }
}
