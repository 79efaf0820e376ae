/**
 * The features of the linear token estimator. Each character of a text has features, each feature has a
 * weight, and the sum of the weights estimates the text's tokens:
 *
 * - pairs: an ASCII character and the ASCII character before it
 * - chars: a character outside ASCII, hashed; characters that collide share a weight
 * - runs: a character's class, and its position in its run of letters, digits, spaces, …
 */

/** Position in a run from which on all characters have the same feature. */
export const longestRun = 31

const classNames = [
  'letter',
  'digit',
  'space',
  'newline',
  'tab',
  'punctuation',
  'latin',
  'cyrillic',
  'arabic',
  'indic',
  'southeast',
  'kana',
  'han',
  'hangul',
  'wide',
  'symbol',
  'astral',
  'other',
] as const
type Class = (typeof classNames)[number]

/** Index of the first class outside ASCII. */
export const firstWideClass = 6

/** Number of features of each kind. */
export const featureCounts = {
  pairs: 128 * 128,
  chars: 1024,
  runs: classNames.length * 32,
} as const

/** First code point of each class outside ASCII; a class extends to the start of the next. */
const wideRanges: readonly (readonly [from: number, name: Class])[] = [
  [0x00_80, 'symbol'],
  [0x00_c0, 'latin'],
  [0x02_50, 'other'],
  [0x03_70, 'cyrillic'],
  [0x05_30, 'other'],
  [0x05_90, 'arabic'],
  [0x09_00, 'indic'],
  [0x0e_00, 'southeast'],
  [0x10_a0, 'other'],
  [0x1e_00, 'latin'],
  [0x1f_00, 'cyrillic'],
  [0x20_00, 'symbol'],
  [0x2e_80, 'other'],
  [0x30_00, 'wide'],
  [0x30_40, 'kana'],
  [0x31_00, 'other'],
  [0x34_00, 'han'],
  [0xa0_00, 'other'],
  [0xac_00, 'hangul'],
  [0xd7_b0, 'other'],
  [0xf9_00, 'han'],
  [0xfb_00, 'arabic'],
  [0xff_00, 'wide'],
]

/** Class index of each ASCII character. */
export const asciiClasses = Uint8Array.from({ length: 128 }, (_, code) =>
  classNames.indexOf(toAsciiClass(String.fromCharCode(code))),
)

/** Class indices outside ASCII, by `code >> 4`: every class begins at a multiple of 16. */
const wideClasses = new Uint8Array(4096)
for (const [from, name] of wideRanges) {
  wideClasses.fill(classNames.indexOf(name), from >> 4)
}
const astral = classNames.indexOf('astral')

/** The class index of a code point outside ASCII. */
export function toWideClass(code: number): number {
  return wideClasses[code >> 4] ?? astral
}

/** The hash of a character outside ASCII, as an index into `chars`. */
export function toCharSlot(code: number): number {
  return Math.imul(code, 0x9e_37_79_b1) >>> 22
}

function toAsciiClass(character: string): Class {
  if (/[a-z]/i.test(character)) {
    return 'letter'
  }
  if (/\d/.test(character)) {
    return 'digit'
  }
  if (/[\r\n]/.test(character)) {
    return 'newline'
  }
  return character === ' ' ? 'space' : character === '\t' ? 'tab' : 'punctuation'
}
