/**
 * Text of others for a terminal: names of keys come from whoever may make one, and a control sequence
 * in one of them could forge lines or recolor the operator's terminal.
 */

/** Control and format characters, and the separators that end a line. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** The text with each unprintable character as its escape: `\u001b`. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, escape)
}

/** JSON of a value that holds no unprintable character; it parses to the same value. */
export function printableJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replaceAll(unprintable, (character) =>
    character === '\n' ? character : escape(character),
  )
}

function escape(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('')
}
