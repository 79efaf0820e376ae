/**
 * Parses the part of Python's regular expressions that can be matched in linear time: all but lookaround and
 * backreferences. (https://docs.python.org/3/library/re.html)
 */

/** Whether a character matches. */
export type Test = (character: string) => boolean

/** A node of a parsed pattern. */
export type Node =
  | { kind: 'character'; test: Test }
  | { kind: 'sequence'; nodes: readonly Node[] }
  | { kind: 'choice'; nodes: readonly Node[] }
  | { kind: 'repeat'; node: Node; min: number; max: number }
  | { kind: 'start' | 'end' | 'boundary' | 'no-boundary' }

/** A pattern that cannot be searched for. The message is for the model. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}

const isDigit: Test = (character) => /^\p{Nd}$/u.test(character)

/** Matches what `\w` does. */
export const isWord: Test = (character) => /^[\p{L}\p{N}_]$/u.test(character)
const isSpace: Test = (character) => /^\s$/.test(character)
const not =
  (test: Test): Test =>
  (character) =>
    !test(character)

const classes: Readonly<Record<string, Test>> = {
  d: isDigit,
  D: not(isDigit),
  w: isWord,
  W: not(isWord),
  s: isSpace,
  S: not(isSpace),
}
const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v' }
const maxRepeat = 100

interface Bounds {
  min: number
  max: number
}

const quantifiers: Readonly<Record<string, Bounds>> = {
  '*': { min: 0, max: Infinity },
  '+': { min: 1, max: Infinity },
  '?': { min: 0, max: 1 },
}

/** `last` is empty for a repeat without an end. */
function toBounds(first: string, last: string): Bounds {
  const min = Number(first)
  const max = last === '' ? Infinity : Number(last)
  const most = max === Infinity ? min : max
  if (most > maxRepeat || max < min) {
    throw new PatternError(`repeats must be within 0 and ${maxRepeat}`)
  }
  return { min, max }
}

/** Throws a {@link PatternError}. `(?i)` at the beginning ignores case. */
export function parsePattern(pattern: string): Node {
  const ignoresCase = pattern.startsWith('(?i)')
  const parser = new Parser(Array.from(ignoresCase ? pattern.slice(4) : pattern), ignoresCase)
  return parser.parse()
}

class Parser {
  readonly #characters: readonly string[]
  readonly #ignoresCase: boolean
  #at = 0

  constructor(characters: readonly string[], ignoresCase: boolean) {
    this.#characters = characters
    this.#ignoresCase = ignoresCase
  }

  parse(): Node {
    const node = this.#choice()
    if (this.#at < this.#characters.length) {
      throw new PatternError('unbalanced parenthesis')
    }
    return node
  }

  #peek(offset = 0): string | undefined {
    return this.#characters[this.#at + offset]
  }

  #take(expected: string): boolean {
    const is = this.#peek() === expected
    this.#at += is ? 1 : 0
    return is
  }

  #next(): string {
    const character = this.#peek()
    if (character === undefined) {
      throw new PatternError('the pattern ends too early')
    }
    this.#at += 1
    return character
  }

  #choice(): Node {
    const nodes = [this.#sequence()]
    while (this.#take('|')) {
      nodes.push(this.#sequence())
    }
    const [only] = nodes
    return nodes.length === 1 && only !== undefined ? only : { kind: 'choice', nodes }
  }

  #sequence(): Node {
    const nodes: Node[] = []
    while (this.#peek() !== undefined && this.#peek() !== '|' && this.#peek() !== ')') {
      nodes.push(this.#repeated(this.#atom()))
    }
    return { kind: 'sequence', nodes }
  }

  #repeated(node: Node): Node {
    const bounds = this.#bounds()
    if (bounds === undefined) {
      return node
    }
    // Lazy and possessive quantifiers match at the same places.
    if (!this.#take('?')) {
      this.#take('+')
    }
    if (this.#bounds() !== undefined) {
      throw new PatternError('multiple repeat')
    }
    return { kind: 'repeat', node, ...bounds }
  }

  #bounds(): Bounds | undefined {
    const simple = quantifiers[this.#peek() ?? '']
    if (simple !== undefined) {
      this.#at += 1
      return simple
    }
    const rest = this.#characters.slice(this.#at, this.#at + 13).join('')
    const [match, first = '', comma, last = ''] = /^\{(\d{0,5})(,?)(\d{0,5})\}/.exec(rest) ?? []
    if (match === undefined || first + last === '') {
      return undefined
    }
    this.#at += match.length
    return toBounds(first, comma === '' ? first : last)
  }

  #atom(): Node {
    const character = this.#next()
    switch (character) {
      case '(':
        return this.#group()
      case '[':
        return this.#toCharacter(this.#set())
      case '\\':
        return this.#escape()
      case '.':
        return { kind: 'character', test: (other) => other !== '\n' }
      case '^':
        return { kind: 'start' }
      case '$':
        return { kind: 'end' }
      case '*':
      case '+':
      case '?':
        throw new PatternError('nothing to repeat')
      default:
        return this.#literal(character)
    }
  }

  #group(): Node {
    if (this.#take('?')) {
      const kind = this.#next()
      const isNamed = kind === 'P' && this.#take('<')
      if (!isNamed && kind !== ':') {
        throw new PatternError('lookaround, backreferences and flags in groups are not supported')
      }
      while (isNamed && this.#next() !== '>') {
        // A name does not change what is found.
      }
    }
    const node = this.#choice()
    if (!this.#take(')')) {
      throw new PatternError('missing ), unterminated group')
    }
    return node
  }

  #escape(): Node {
    const name = this.#next()
    const known = classes[name]
    if (known !== undefined) {
      return this.#toCharacter(known)
    }
    switch (name) {
      case 'b':
        return { kind: 'boundary' }
      case 'B':
        return { kind: 'no-boundary' }
      case 'A':
        return { kind: 'start' }
      case 'Z':
        return { kind: 'end' }
      default:
        return this.#literal(toEscaped(name))
    }
  }

  #set(): Test {
    const isNegated = this.#take('^')
    const tests: Test[] = []
    for (let isFirst = true; isFirst || this.#peek() !== ']'; isFirst = false) {
      tests.push(this.#setItem())
    }
    this.#at += 1
    const test: Test = (character) => tests.some((one) => one(character))
    return isNegated ? not(this.#withCase(test)) : this.#withCase(test)
  }

  #setItem(): Test {
    const first = this.#next()
    const known = first === '\\' ? classes[this.#peek() ?? ''] : undefined
    if (known !== undefined) {
      this.#at += 1
      return known
    }
    const from = first === '\\' ? toEscaped(this.#next()) : first
    if (this.#peek() !== '-' || this.#peek(1) === ']') {
      return (character) => character === from
    }
    this.#at += 1
    const end = this.#next()
    const to = end === '\\' ? toEscaped(this.#next()) : end
    if (to < from) {
      throw new PatternError('bad character range')
    }
    return (character) => from <= character && character <= to
  }

  #literal(literal: string): Node {
    return this.#toCharacter((character) => character === literal)
  }

  #toCharacter(test: Test): Node {
    return { kind: 'character', test: this.#withCase(test) }
  }

  #withCase(test: Test): Test {
    return this.#ignoresCase
      ? (character) => test(character.toLowerCase()) || test(character.toUpperCase())
      : test
  }
}

function toEscaped(name: string): string {
  if (/^[1-9]$/.test(name)) {
    throw new PatternError('backreferences are not supported')
  }
  const control = controls[name]
  if (control === undefined && /^[A-Za-z0]$/.test(name)) {
    throw new PatternError(`bad escape \\${name}`)
  }
  return control ?? name
}
