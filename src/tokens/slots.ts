/**
 * What the estimator looks at, character by character, and where the weight of each sight is kept.
 *
 * One `Float32Array` holds all weights of a tokenizer. Which of them a text adds up:
 *
 * - `pairs`: each ASCII character with the ASCII one before it
 * - `triples`: each ASCII letter with the two before it, case aside
 * - `runs`: each character's class, with how far into its run of letters, digits, spaces, … it stands
 * - `chars`, `charPairs`: each other character, and with the one before it; hashed, so strangers share
 */
export const PAIRS = 0
export const TRIPLES = PAIRS + 128 * 128
export const CHARS = TRIPLES + 32 * 32 * 32
export const CHAR_PAIRS = CHARS + 4096
export const RUNS = CHAR_PAIRS + 8192

/** A run's later characters all count like this one. */
export const LONGEST_RUN = 23

/** Inclusive first code units; each class reaches up to the next line's. */
const ROWS: readonly (readonly [from: number, name: ClassName])[] = [
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
  [0xd8_00, 'surrogate'],
  [0xe0_00, 'other'],
  [0xf9_00, 'han'],
  [0xfb_00, 'arabic'],
  [0xff_00, 'wide'],
]

const CLASS_NAMES = [
  'lower',
  'upper',
  'latin',
  'digit',
  'space',
  'newline',
  'tab',
  'punctuation',
  'symbol',
  'cyrillic',
  'arabic',
  'indic',
  'southeast',
  'kana',
  'han',
  'hangul',
  'wide',
  'surrogate',
  'other',
] as const
type ClassName = (typeof CLASS_NAMES)[number]

/** The first classes are letters: they make one run together. */
export const LAST_LETTER_CLASS = CLASS_NAMES.indexOf('latin')
/** The first two are ASCII's letters, which have triples. */
export const LAST_ASCII_LETTER_CLASS = CLASS_NAMES.indexOf('upper')
export const WEIGHTS = RUNS + CLASS_NAMES.length * (LONGEST_RUN + 1)

/** Classes of the ASCII characters. */
export const ASCII_CLASSES = Uint8Array.from({ length: 128 }, (_, code) =>
  CLASS_NAMES.indexOf(toAsciiClass(String.fromCharCode(code))),
)

/** Classes of all other code units, by `code >> 4`: every class begins at a multiple of 16. */
export const ROW_CLASSES = new Uint8Array(4096)
for (const [from, name] of ROWS) {
  ROW_CLASSES.fill(CLASS_NAMES.indexOf(name), from >> 4)
}

/** The class of a code unit. */
export function toClass(code: number): number {
  return (code < 128 ? ASCII_CLASSES[code] : ROW_CLASSES[code >> 4]) ?? 0
}

/** Where the weight of a character outside ASCII is kept. */
export function toCharSlot(code: number): number {
  return CHARS + (Math.imul(code, 0x9e_37_79_b1) >>> 20)
}

/** Where the weight of a character outside ASCII after another one is kept. */
export function toCharPairSlot(last: number, code: number): number {
  return CHAR_PAIRS + (Math.imul(Math.imul(code, 0x9e_37_79_b1) ^ last, 0x85_eb_ca_6b) >>> 19)
}

function toAsciiClass(character: string): ClassName {
  if (/[a-z]/.test(character)) {
    return 'lower'
  }
  if (/[A-Z]/.test(character)) {
    return 'upper'
  }
  if (/\d/.test(character)) {
    return 'digit'
  }
  if (/[\r\n]/.test(character)) {
    return 'newline'
  }
  return character === ' ' ? 'space' : character === '\t' ? 'tab' : 'punctuation'
}
