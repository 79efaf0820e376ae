/**
 * The arguments of a tool call as text: kept as the model wrote them, since parsing would round
 * large numbers and reorder keys, but without what servers add around them.
 */
import { isObject, parseJson } from '../../../anthropic/json.ts'

/**
 * Finds the end of one JSON object in deltas: only whitespace can follow its closing brace. An
 * extra brace or an end tag of the model's template is added by the server
 * (https://github.com/vllm-project/vllm-ascend/issues/16001).
 */
export class ObjectExtent {
  #depth = 0
  #isInString = false
  #isEscaped = false
  #phase: 'before' | 'inside' | 'closed' = 'before'
  #hasCut = false

  /** Whether anything but whitespace was cut. */
  get hasCut(): boolean {
    return this.#hasCut
  }

  get isClosed(): boolean {
    return this.#phase === 'closed'
  }

  /**
   * Reads a delta; returns the part of it that belongs to the object. Text that does not begin with
   * a brace is not cut.
   */
  clip(delta: string): string {
    if (this.#phase === 'closed') {
      return this.#cut(delta)
    }
    for (let index = 0; index < delta.length; index += 1) {
      this.#read(delta.charCodeAt(index))
      if (this.isClosed) {
        this.#cut(delta.slice(index + 1))
        return delta.slice(0, index + 1)
      }
    }
    return delta
  }

  #cut(rest: string): string {
    this.#hasCut ||= rest.trim() !== ''
    return ''
  }

  #read(code: number): void {
    if (this.#isInString) {
      this.#readInString(code)
    } else if (code === quote) {
      this.#isInString = true
    } else if (code === openBrace || code === openBracket) {
      this.#phase = 'inside'
      this.#depth += 1
    } else if (code === closeBrace || code === closeBracket) {
      this.#depth -= 1
      this.#phase = this.#depth <= 0 ? 'closed' : this.#phase
    }
  }

  #readInString(code: number): void {
    if (this.#isEscaped) {
      this.#isEscaped = false
    } else if (code === backslash) {
      this.#isEscaped = true
    } else if (code === quote) {
      this.#isInString = false
    }
  }
}

const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/**
 * Repairs complete arguments that did not begin with a brace: JSON that was encoded twice, enclosed
 * in tags or a fence, or that lost its beginning; null and an empty array become `{}`. Any other
 * text is returned unchanged, so that the client can show it.
 */
export function toObjectText(text: string): string {
  if (isEmpty(parseJson(text))) {
    return ''
  }
  const inner = parseJson(text)
  const unquoted = typeof inner === 'string' ? inner : text
  if (unquoted.trim() === '') {
    return ''
  }
  const bare = unquoted.trim().replace(/^(?:<[^<>]*>|```[a-z]*|\s)+/i, '')
  // https://github.com/vllm-project/vllm/issues/35266
  const candidates = [unquoted, bare, `{${bare}`, `{"${bare}`, bare.slice(1)]
  for (const candidate of candidates) {
    const object = new ObjectExtent().clip(candidate.trimStart())
    if (isObject(parseJson(object))) {
      return object
    }
  }
  return isEmpty(parseJson(bare)) ? '' : text
}

function isEmpty(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0)
}
