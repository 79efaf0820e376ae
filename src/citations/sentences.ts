/**
 * Splits a text into sentences, which is how Anthropic splits plain text for citations. Linear in the text:
 * `Intl.Segmenter` is not (V8 walks from the start for each segment).
 */

const terminators = new Set('.!?…。！？｡')
/** Terminators that no space follows. */
const cjkStops = new Set('。！？｡')
const closers = new Set('"\'”’»)]}」』】）')

/** Characters below which a line, or a sentence that ends in a full stop, goes with the next: `1.`, `Dr.`, headings. */
const shortLine = 12
/** Characters after which a text without sentences is cut. */
const longest = 2000

/** The sentences of a text with the white space that follows them; together they are the text. */
export function toSentences(text: string): string[] {
  const sentences: string[] = []
  let start = 0
  let at = 0
  while (at < text.length) {
    const end = findEnd(text, start, at)
    at = end ?? at + 1
    if (end !== undefined) {
      sentences.push(text.slice(start, end))
      start = end
    }
  }
  const rest = text.slice(start)
  const last = sentences.at(-1)
  if (last !== undefined && rest.trim() === '') {
    sentences[sentences.length - 1] = last + rest
  } else if (rest !== '') {
    sentences.push(rest)
  }
  return sentences
}

/**
 * The end of the sentence from `start` if the character at `at` ends it: behind the white space that follows.
 */
function findEnd(text: string, start: number, at: number): number | undefined {
  const mark = text.charAt(at)
  if (mark === '\n') {
    return at - start < shortLine ? undefined : skip(text, at, isSpace)
  }
  if (at - start >= longest && !isLowSurrogate(text.charCodeAt(at))) {
    return at
  }
  if (!terminators.has(mark) || terminators.has(text.charAt(at + 1))) {
    return undefined
  }
  return findStop(text, start, at)
}

/** The end of a sentence that the terminator at `at`, the last of its row, ends. */
function findStop(text: string, start: number, at: number): number | undefined {
  const mark = text.charAt(at)
  const closed = skip(text, at + 1, (character) => closers.has(character))
  const end = skip(text, closed, isSpace)
  if (cjkStops.has(mark) || end === text.length) {
    return end
  }
  const isAbbreviation = mark === '.' && at - start < shortLine - 2
  const isContinued = end === closed || /^\p{Ll}/u.test(text.slice(end, end + 2))
  return isAbbreviation || isContinued ? undefined : end
}

function skip(text: string, from: number, accepts: (character: string) => boolean): number {
  let at = from
  while (at < text.length && accepts(text.charAt(at))) {
    at += 1
  }
  return at
}

function isSpace(character: string): boolean {
  return character.trim() === ''
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
