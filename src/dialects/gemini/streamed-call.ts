/**
 * A function call whose arguments come in pieces (`streamFunctionCallArguments`, which the gateway
 * does not ask for but an operator may): first the name, then values with the path where they belong,
 * then a call of nothing.
 *
 *   { name, willContinue } · { partialArgs: [{ jsonPath: '$.path', stringValue, willContinue }], willContinue } · {}
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asString, isObject } from '../../anthropic/json.ts'

/** Puts pieces into arguments, in place. A string goes on where one has begun. */
export function addPartialArgs(args: JsonObject, pieces: unknown): void {
  for (const piece of asArray(pieces)) {
    if (isObject(piece)) {
      const steps = toSteps(asString(piece['jsonPath']) ?? '')
      const value = toValue(piece)
      if (steps.length > 0 && value !== undefined) {
        put(args, steps, value)
      }
    }
  }
}

type Step = string | number

/** `$.files[0].name`, `$['odd name']`. */
function toSteps(path: string): Step[] {
  return [...path.matchAll(/\.([^.[\]]+)|\[(\d+)\]|\[['"](.*?)['"]\]/g)].map(
    ([, name, index, quoted]) => (index === undefined ? (name ?? quoted ?? '') : Number(index)),
  )
}

function toValue(piece: JsonObject): unknown {
  const { stringValue, numberValue, boolValue } = piece
  return stringValue ?? numberValue ?? boolValue ?? ('nullValue' in piece ? null : undefined)
}

function put(root: JsonObject, steps: readonly Step[], value: unknown): void {
  let holder: Record<Step, unknown> = root
  for (const [index, step] of steps.entries()) {
    const present = Object.hasOwn(holder, step) ? holder[step] : undefined
    const next = steps[index + 1]
    if (next === undefined) {
      const goesOn = typeof present === 'string' && typeof value === 'string'
      holder[step] = goesOn ? present + value : value
      return
    }
    const inner = isHolder(present) ? present : toHolder(next)
    holder[step] = inner
    holder = inner
  }
}

function isHolder(value: unknown): value is Record<Step, unknown> {
  return typeof value === 'object' && value !== null
}

function toHolder(next: Step): Record<Step, unknown> {
  if (typeof next === 'string') {
    return {}
  }
  const list: unknown[] = []
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a list is written to by its indices
  return list as unknown as Record<Step, unknown>
}
