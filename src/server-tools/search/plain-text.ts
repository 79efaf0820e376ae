/** Text for a model from what search engines return: without markup, and cut to a budget. */

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: ' ',
}

/** The text without tags, entities and runs of white space. */
export function toPlainText(markup: string): string {
  return markup
    .replace(/<\/?[a-z][^<>]{0,300}>/gi, '')
    .replace(
      /&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,6});/gi,
      (match, name: string) => decode(name) ?? match,
    )
    .replace(/[ \t\u00a0]+/g, ' ')
    .replace(/ ?\n\s*/g, '\n')
    .trim()
}

/** The beginning of the text, whole characters only; marked where something was cut off. */
export function cut(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) {
    return text
  }
  const end = Math.max(0, maxCharacters - 1)
  const isSplit = /[\ud800-\udbff]/.test(text.charAt(end - 1))
  return `${text.slice(0, isSplit ? end - 1 : end)}…`
}

function decode(name: string): string | undefined {
  if (!name.startsWith('#')) {
    return entities[name.toLowerCase()]
  }
  const isHex = name.charAt(1).toLowerCase() === 'x'
  const code = isHex ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
  return isCharacter ? String.fromCodePoint(code) : undefined
}
