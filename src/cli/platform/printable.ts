/**
 * Escapes untrusted text for a terminal: a control sequence in the name of a key could forge lines
 * or recolor the operator's terminal.
 */

/** Matches control and format characters, and line separators. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Escapes each unprintable character: `\u001b`. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, escape)
}

/** Serializes a value to JSON without unprintable characters, which parses to the same value. */
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
