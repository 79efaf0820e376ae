/** What usage can be summed by. */
import { InvalidArgumentError } from 'commander'

/** The names of the dimensions, as `--by` takes them. */
export const dimensions = ['key', 'group', 'model', 'provider', 'day', 'session'] as const

/** A dimension that usage can be summed by. */
export type Dimension = (typeof dimensions)[number]

/** The dimensions that can be combined with a session: only its key. */
const sessionDimensions: ReadonlySet<Dimension> = new Set(['session', 'key'])

/** Parses `key` or `key,model`: one dimension or more. */
export function toDimensions(text: string): Dimension[] {
  const names = text.split(',').map((name) => name.trim())
  const found = names.flatMap((name) => dimensions.filter((known) => known === name))
  if (found.length < names.length || new Set(found).size < found.length) {
    throw new InvalidArgumentError(`must be one or more of ${dimensions.join(', ')}.`)
  }
  if (found.includes('session') && found.some((name) => !sessionDimensions.has(name))) {
    throw new InvalidArgumentError('session can only be combined with key.')
  }
  return found
}
