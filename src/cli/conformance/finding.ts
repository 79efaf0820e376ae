/** What a check finds, and how it fails. */

/**
 * What a check found:
 *
 * - `full`: as the Messages API has it
 * - `adapted`: it works, and the answer reports a difference (`gateway-adapted`)
 * - `partial`: it works in part, or in another form
 * - `refused`: the endpoint rejects it: a 4xx in Anthropic's envelope, or a field reported as dropped
 * - `failed`: none of these
 * - `skipped`: it could not be tried
 */
export type Status = 'full' | 'adapted' | 'partial' | 'refused' | 'failed' | 'skipped'

/** A result of a check other than a pass, with one sentence about the reason. */
export interface Finding {
  status: Status
  /** Why it is not `full`; empty where there is nothing to add. */
  note: string
}

/** A number of input and output tokens. */
export interface Tokens {
  input: number
  output: number
}

/** The endpoint does not do what the check asks. */
export class CheckFailure extends Error {
  override readonly name: string = 'CheckFailure'
}

/** The answer breaks a rule of the API, which no reported adaptation excuses. */
export class MalformedAnswer extends CheckFailure {
  override readonly name = 'MalformedAnswer'
}

/** Fails the check unless the condition holds. */
export function need(condition: boolean, otherwise: string): asserts condition {
  if (!condition) {
    throw new CheckFailure(otherwise)
  }
}

/** A finding of `partial`. */
export function partial(note: string): Finding {
  return { status: 'partial', note }
}

/** Nothing to note, or a finding of `partial` unless the condition holds. */
export function partialUnless(condition: boolean, otherwise: string): Finding | undefined {
  return condition ? undefined : partial(otherwise)
}

/** A finding of `skipped`. */
export function skipped(note: string): Finding {
  return { status: 'skipped', note }
}

/** A text of a foreign server, short enough for a note on one line. */
export function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > 100 ? `${line.slice(0, 100)}…` : line
}
