/** Partial arguments of a function call: values, each with its JSON path. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asString, isObject } from '../../../anthropic/json.ts'

/**
 * Merges `partialArgs` into the arguments, in place. A string is appended to one that has begun.
 */
export function addPartialArgs(args: JsonObject, pieces: unknown): void {
  for (const piece of asArray(pieces)) {
    if (isObject(piece)) {
      const steps = toSteps(asString(piece['jsonPath']) ?? '')
      const value = toValue(piece)
      if (value !== undefined) {
        put(args, steps, value)
      }
    }
  }
}

type Step = string | number

/** Parses a JSON path such as `$.files[0].name` or `$['odd name']`. */
function toSteps(path: string): Step[] {
  return [...path.matchAll(/\.([^.[\]]+)|\[(\d+)\]|\[['"](.*?)['"]\]/g)].map(
    ([, name, index, quoted]) => (index === undefined ? (name ?? quoted ?? '') : Number(index)),
  )
}

function toValue(piece: JsonObject): unknown {
  const { stringValue, numberValue, boolValue } = piece
  return stringValue ?? numberValue ?? boolValue ?? ('nullValue' in piece ? null : undefined)
}

function put(args: JsonObject, steps: readonly Step[], value: unknown): void {
  let holder: object = args
  for (const [index, step] of steps.entries()) {
    const present = read(holder, step)
    const next = steps[index + 1]
    if (next === undefined) {
      const isContinuation = typeof present === 'string' && typeof value === 'string'
      write(holder, step, isContinuation ? present + value : value)
      return
    }
    const inner = typeof present === 'object' && present !== null ? present : createHolder(next)
    write(holder, step, inner)
    holder = inner
  }
}

function createHolder(next: Step): object {
  return typeof next === 'string' ? {} : []
}

/** Reads an own property, since a path may contain `__proto__`. */
function read(holder: object, step: Step): unknown {
  return Object.getOwnPropertyDescriptor(holder, step)?.value
}

function write(holder: object, step: Step, value: unknown): void {
  // An array grows by one element: a large index must not create an array of that length.
  const key =
    Array.isArray(holder) && typeof step === 'number' ? Math.min(step, holder.length) : step
  Object.defineProperty(holder, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  })
}
