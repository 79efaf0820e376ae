/**
 * What the estimator looks at, character by character. Each sight has a weight, and the weights of all
 * sights of a text are its tokens:
 *
 * - pairs: an ASCII character and the ASCII one before it
 * - chars: any other character; hashed, so strangers share a weight
 * - runs: a character's class, and how far into its run of letters, digits, spaces, … it stands
 */

/** A run's later characters all count like this one. */
export const LONGEST_RUN = 31

const CLASSES = [
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
type Class = (typeof CLASSES)[number]

/** The first class that is outside ASCII. */
export const FIRST_WIDE = 6

/** How many weights there are for each kind of sight. */
export const SIZES = {
  pairs: 128 * 128,
  chars: 1024,
  runs: CLASSES.length * 32,
} as const

/** Where the classes outside ASCII begin; each reaches up to the next line's. */
const RANGES: readonly (readonly [from: number, name: Class])[] = [
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

/** Classes of the ASCII characters. */
export const ASCII_CLASSES = Uint8Array.from({ length: 128 }, (_, code) =>
  CLASSES.indexOf(toAsciiClass(String.fromCharCode(code))),
)

/** Classes outside ASCII, by `code >> 4`: every class begins at a multiple of 16. */
const WIDE_CLASSES = new Uint8Array(4096)
for (const [from, name] of RANGES) {
  WIDE_CLASSES.fill(CLASSES.indexOf(name), from >> 4)
}
const ASTRAL = CLASSES.indexOf('astral')

/** The class of a code point outside ASCII. */
export function toWideClass(code: number): number {
  return WIDE_CLASSES[code >> 4] ?? ASTRAL
}

/** Which of the `chars` a character outside ASCII is. */
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
