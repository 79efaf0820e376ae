/**
 * Lone surrogates: a tool's output cut in the middle of a character. JSON carries them as escapes
 * that strict parsers refuse (`no low surrogate in string`), so they become U+FFFD before anything
 * is translated.
 */

/**
 * Whether JSON that was UTF-8 may say half a character: nothing but an escape can spell one, and to look
 * for that costs a tenth of looking at every string.
 */
export function maySayHalves(text: string): boolean {
  return surrogateEscape.test(text)
}

const surrogateEscape = /\\u[dD][89a-fA-F]/

/** The value with every string in it well-formed; the same object where nothing was wrong. */
export function wellFormed<Value>(value: Value): Value {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- strings stay strings, objects keep their keys
  return mend(value) as Value
}

function mend(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.isWellFormed() ? value : value.toWellFormed()
  }
  if (Array.isArray(value)) {
    const mended = value.map(mend)
    return mended.some((item, index) => item !== value[index]) ? mended : value
  }
  return typeof value === 'object' && value !== null ? mendObject(value) : value
}

function mendObject(value: object): object {
  let changed = false
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    const mended = mend(item)
    changed ||= mended !== item || !key.isWellFormed()
    return [key.toWellFormed(), mended]
  })
  return changed ? Object.fromEntries(entries) : value
}
