/** Cite tags in a text that comes in pieces. */

/** A cite tag in a text. */
export interface Tag {
  /** The range of the tag in the text. */
  start: number
  end: number
  /** What it cites; undefined for a tag that only closes. */
  index: string | undefined
  /** Whether it closes a claim: its own, where it is empty. */
  closes: boolean
}

/** A cite tag of another form, such as HTML's, is the model's text. */
const tag = /<\/cite>|<cite\s+index\s*=\s*["']([^"'<>]{0,200})["']\s*(\/?)>/
const beginning = /^<cite\s[^<>]*$/

/** The maximal length of a tag. */
const longest = 240

/** The first tag; undefined where there is none. */
export function findTag(text: string): Tag | undefined {
  const found = text.includes('<') ? tag.exec(text) : null
  if (found === null) {
    return undefined
  }
  const [match, index, slash] = found
  const start = found.index
  return { start, end: start + match.length, index, closes: index === undefined || slash === '/' }
}

/**
 * The index from which a text has to wait for its next piece, since a tag may begin there; its length if
 * nothing has to.
 */
export function withheldFrom(text: string): number {
  const at = text.lastIndexOf('<')
  if (at < 0 || text.length - at > longest) {
    return text.length
  }
  const end = text.slice(at)
  const mayGoOn = '</cite>'.startsWith(end) || '<cite'.startsWith(end) || beginning.test(end)
  return mayGoOn ? at : text.length
}
