/**
 * The bounds of JSON. A long text is checked before it is parsed, since a parsed value takes up to a hundred
 * times the memory of its text (`[0,0,…]`, `[[],[],…]`); the values of a short one are, before recursive code
 * walks them. Pure.
 */
import { isObject } from '../../anthropic/json.ts'
import type { JsonObject } from '../../anthropic/json.ts'

/** The bounds of a JSON text. */
export interface JsonBounds {
  /** The maximal depth of containers. */
  maxDepth: number
  /** The maximal number of values: members, elements and containers. */
  maxValues: number
}

/**
 * Returns the bound that a text exceeds, or undefined. Strings, which are most of a prompt, are
 * skipped without a scan of each character. For a text that is not JSON the result is unspecified.
 */
export function exceededBound(
  text: string,
  { maxDepth, maxValues }: JsonBounds,
): keyof JsonBounds | undefined {
  let depth = 0
  // Each value but the first of its container follows a comma; each container opens with a bracket.
  let values = 1
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = stringEnd(text, at)
        break
      case openBrace:
      case openBracket:
        depth += 1
        values += 1
        break
      case closeBrace:
      case closeBracket:
        depth -= 1
        break
      case comma:
        values += 1
        break
      default:
    }
    if (depth > maxDepth) {
      return 'maxDepth'
    }
    if (values > maxValues) {
      return 'maxValues'
    }
  }
  return undefined
}

const [quote, openBrace, closeBrace, openBracket, closeBracket, backslash, comma] = [
  34, 123, 125, 91, 93, 92, 44,
]

/**
 * The index of a string's closing quote, or of the last character, given the index of its opening
 * quote.
 */
function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) {
    end = text.indexOf('"', end + 1)
  }
  return end === -1 ? text.length : end
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (text.charCodeAt(at - 1 - slashes) === backslash) {
    slashes += 1
  }
  return slashes % 2 === 1
}

/** What one walk over parsed JSON finds. */
export interface JsonFindings {
  /** The bound that is exceeded: the rest was not walked then. */
  exceeded: keyof JsonBounds | undefined
  /** Whether no string and no key has a lone surrogate. */
  isWellFormed: boolean
}

/** Walks over parsed JSON once. The bounds are counted as {@link exceededBound} counts them in its text. */
export function inspectJson(json: unknown, bounds: JsonBounds): JsonFindings {
  const inspection = new Inspection(bounds)
  inspection.visit(json, 0)
  return inspection
}

class Inspection implements JsonFindings {
  exceeded: keyof JsonBounds | undefined = undefined
  isWellFormed = true
  readonly #bounds: JsonBounds
  #values = 1

  constructor(bounds: JsonBounds) {
    this.#bounds = bounds
  }

  /** Visits a value that is within `depth` containers. */
  visit(value: unknown, depth: number): void {
    if (typeof value === 'string') {
      this.isWellFormed &&= value.isWellFormed()
    } else if (Array.isArray(value) && this.#enters(depth)) {
      this.#visitElements(value, depth + 1)
    } else if (isObject(value) && this.#enters(depth)) {
      this.#visitMembers(value, depth + 1)
    }
  }

  /** Whether one more container is to be visited. */
  #enters(depth: number): boolean {
    if (depth >= this.#bounds.maxDepth) {
      this.exceeded ??= 'maxDepth'
    }
    return this.exceeded === undefined
  }

  #visitElements(elements: readonly unknown[], depth: number): void {
    for (const element of elements) {
      this.visit(element, depth)
    }
    this.#count(elements.length)
  }

  #visitMembers(members: JsonObject, depth: number): void {
    let length = 0
    // Not `Object.entries`, which takes five times as long. Parsed JSON inherits nothing enumerable.
    for (const key in members) {
      this.isWellFormed &&= key.isWellFormed()
      this.visit(members[key], depth)
      length += 1
    }
    this.#count(length)
  }

  /** Counts what a container has in its text: its bracket, and the commas between its values. */
  #count(length: number): void {
    this.#values += Math.max(1, length)
    if (this.#values > this.#bounds.maxValues) {
      this.exceeded ??= 'maxValues'
    }
  }
}
