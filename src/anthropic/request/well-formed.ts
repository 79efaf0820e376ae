/**
 * Replaces lone surrogates, which arise when a tool's output is cut within a character. In JSON
 * they are escapes that strict parsers reject (`no low surrogate in string`), so they become U+FFFD
 * before translation.
 */

/**
 * Replaces lone surrogates in every string of a value; returns the same object if there are none.
 */
export function wellFormed<Value>(value: Value): Value {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- strings stay strings, objects keep their keys
  return repair(value) as Value
}

function repair(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.isWellFormed() ? value : value.toWellFormed()
  }
  if (Array.isArray(value)) {
    const repaired = value.map(repair)
    return repaired.some((item, index) => item !== value[index]) ? repaired : value
  }
  return typeof value === 'object' && value !== null ? repairObject(value) : value
}

function repairObject(value: object): object {
  let changed = false
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    const repaired = repair(item)
    changed ||= repaired !== item || !key.isWellFormed()
    return [key.toWellFormed(), repaired]
  })
  return changed ? Object.fromEntries(entries) : value
}
