/** What the stub upstream is asked for, written into the model's name so that it passes through any gateway. */

/**
 * - `coalesced`: back-to-back writes of 0.5 to 8 KiB, cut anywhere: many chunks a write
 * - `single`: one chunk a write, as fast as the socket takes them
 * - `drip`: one chunk a write, one write a millisecond
 * - `steady`: one chunk a write, one write every ten milliseconds, as models send them
 * - `slow`: one chunk a write, twenty writes a second
 * - `first`: the first text at once, the rest a few milliseconds later
 */
export type Pace = 'coalesced' | 'single' | 'drip' | 'steady' | 'slow' | 'first'

export interface Spec {
  pace: Pace
  /** Chunks with text in them. */
  chunks: number
}

const paces: readonly string[] = [
  'coalesced',
  'single',
  'drip',
  'steady',
  'slow',
  'first',
] satisfies Pace[]

/** `bench-drip-500`, with whatever prefix the catalog asks for. */
export function toModelName({ pace, chunks }: Spec, prefix = 'bench'): string {
  return `${prefix}-${pace}-${chunks}`
}

/** Reads the end of a model's name. Throws for another form. */
export function readModelName(model: string): Spec {
  const [pace, chunks] = model.split('-').slice(-2)
  if (!isPace(pace) || !Number.isInteger(Number(chunks))) {
    throw new TypeError(`${model}: not a model of the bench`)
  }
  return { pace, chunks: Number(chunks) }
}

function isPace(word: string | undefined): word is Pace {
  return word !== undefined && paces.includes(word)
}
