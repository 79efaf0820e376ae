/** Finds the place of a fault in the text of a catalog, for editors. Linear in the text. Pure. */
import type { Fault } from './fault.ts'

/** A position in a text; both count from 1. */
export interface Place {
  line: number
  column: number
}

/** A fault with its place in the text. */
export interface LocatedFault extends Fault {
  /** The field, or the last part of its path that exists. */
  at: Place
}

/** Adds the places of faults. */
export function locateFaults(text: string, faults: readonly Fault[]): LocatedFault[] {
  return faults.map((fault) => ({ ...fault, at: locate(text, fault) }))
}

function locate(text: string, { path, message }: Fault): Place {
  const position = /position (\d+)/.exec(message)?.[1]
  if (path === '') {
    const atEnd = message.includes('end of JSON input') ? text.length : 0
    return toPlace(text, position === undefined ? atEnd : Number(position))
  }
  return toPlace(text, new JsonWalk(text).find(path))
}

function toPlace(text: string, offset: number): Place {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}

/** A walk along one path of a text that is valid JSON; in any other, it stops early. */
class JsonWalk {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** The offset of the value at a dotted path, or of its deepest ancestor that exists. */
  find(path: string): number {
    this.#skipSpace()
    let found = this.#at
    let rest: string | undefined = path
    while (rest !== undefined) {
      rest = this.#enter(rest)
      if (rest !== undefined) {
        found = this.#at
      }
      if (rest === '') {
        break
      }
    }
    return found
  }

  /** Moves to the member of this container that a path begins with; returns the rest of the path. */
  #enter(path: string): string | undefined {
    switch (this.#text[this.#at]) {
      case '{':
        return this.#enterMember(path)
      case '[':
        return this.#enterElement(path)
      default:
        return undefined
    }
  }

  /** Names may contain dots, so that the longest one that fits is meant. */
  #enterMember(path: string): string | undefined {
    let best: { name: string; at: number } | undefined
    for (let isFirst = true; this.#next('}', isFirst); isFirst = false) {
      const start = this.#at
      this.#skipValue()
      const name = toName(this.#text.slice(start, this.#at))
      this.#skipSpace()
      this.#at += 1
      this.#skipSpace()
      const fits = path === name || path.startsWith(`${name}.`)
      if (fits && name.length >= (best?.name.length ?? 0)) {
        best = { name, at: this.#at }
      }
      this.#skipValue()
    }
    if (best === undefined) {
      return undefined
    }
    this.#at = best.at
    return path.slice(best.name.length + 1)
  }

  #enterElement(path: string): string | undefined {
    const [index = ''] = path.split('.', 1)
    let at = 0
    for (let isFirst = true; this.#next(']', isFirst); isFirst = false) {
      if (String(at) === index) {
        return path.slice(index.length + 1)
      }
      at += 1
      this.#skipValue()
    }
    return undefined
  }

  /** Moves to the next entry of a container; false at its end. */
  #next(end: string, isFirst: boolean): boolean {
    this.#skipSpace()
    if (!isFirst && this.#text[this.#at] !== ',') {
      return false
    }
    this.#at += 1
    this.#skipSpace()
    return this.#at < this.#text.length && this.#text[this.#at] !== end
  }

  #skipValue(): void {
    let depth = 0
    do {
      const character = this.#text[this.#at]
      if (character === '"') {
        this.#skipString()
      } else {
        depth += character === '{' || character === '[' ? 1 : 0
        depth -= character === '}' || character === ']' ? 1 : 0
        this.#at += 1
      }
    } while (this.#at < this.#text.length && (depth > 0 || !/[\s,:\]}]/.test(this.#here())))
  }

  #skipString(): void {
    this.#at += 1
    while (this.#at < this.#text.length && this.#here() !== '"') {
      this.#at += this.#here() === '\\' ? 2 : 1
    }
    this.#at += 1
  }

  #skipSpace(): void {
    while (/\s/.test(this.#here())) {
      this.#at += 1
    }
  }

  #here(): string {
    return this.#text[this.#at] ?? ''
  }
}

function toName(literal: string): string {
  try {
    return String(JSON.parse(literal))
  } catch {
    // Not JSON: no path of a fault begins with it.
    return ''
  }
}
