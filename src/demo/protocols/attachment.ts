/**
 * What the demo model makes of images and documents: the color of a PNG that has a palette, and the text
 * of a PDF that is not compressed. It has no eyes, but whether an attachment arrived can be asked.
 */

/** Characters of an attachment that are read. */
const maxLength = 20_000

const colors: Record<string, string> = {
  '255,0,0': 'red',
  '0,255,0': 'green',
  '0,0,255': 'blue',
  '255,255,0': 'yellow',
}

/** Describes an attachment: `[image: red]`, `[file: The text.]`; `[image]` if nothing is known of it. */
export function describeAttachment(kind: string, data: string | undefined): string {
  const bytes = decode(data ?? '')
  const description = colorOf(bytes) ?? textOf(bytes)
  return description === undefined ? `[${kind}]` : `[${kind}: ${description}]`
}

/** The bytes of base64 or of a data URL as characters; empty if it is neither. */
function decode(data: string): string {
  const base64 = data.slice(data.startsWith('data:') ? data.indexOf(',') + 1 : 0)
  try {
    return atob(base64.slice(0, maxLength))
  } catch {
    // A URL, or characters that are not base64.
    return ''
  }
}

/** The first color of a PNG's palette, by name (https://www.w3.org/TR/png-3/#11PLTE). */
function colorOf(bytes: string): string | undefined {
  const at = bytes.startsWith('\u0089PNG') ? bytes.indexOf('PLTE') : -1
  const rgb = [4, 5, 6].map((offset) => bytes.charCodeAt(at + offset)).join(',')
  return at === -1 ? undefined : (colors[rgb] ?? `rgb(${rgb})`)
}

/** The texts that an uncompressed PDF shows, by its `Tj` operators. */
function textOf(bytes: string): string | undefined {
  if (!bytes.startsWith('%PDF')) {
    return undefined
  }
  const shown = [...bytes.matchAll(/\(([^()]{0,1000})\) Tj/g)].map(([, text]) => text)
  return shown.length === 0 ? undefined : shown.join(' ')
}
