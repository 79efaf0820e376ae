/** A difference of two texts by lines. Pure. */

/** A line of a difference. */
export interface DiffLine {
  kind: 'same' | 'added' | 'removed'
  text: string
}

/** Cells of the table beyond which a changed middle is shown as removed and added as a whole. */
const maxCells = 4_000_000

/** The lines of both texts: a longest common subsequence, after what both begin and end with. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) {
    start += 1
  }
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) {
    end += 1
  }
  const middle = diffMiddle(a.slice(start, a.length - end), b.slice(start, b.length - end))
  const same = (lines: readonly string[]): DiffLine[] =>
    lines.map((text) => ({ kind: 'same', text }))
  return [...same(a.slice(0, start)), ...middle, ...same(a.slice(a.length - end))]
}

function diffMiddle(a: readonly string[], b: readonly string[]): DiffLine[] {
  const removed = a.map((text): DiffLine => ({ kind: 'removed', text }))
  const added = b.map((text): DiffLine => ({ kind: 'added', text }))
  if (a.length === 0 || b.length === 0 || a.length * b.length > maxCells) {
    return [...removed, ...added]
  }
  return [...walk(a, b)]
}

/** Follows the longest common subsequence from the beginning. */
function* walk(a: readonly string[], b: readonly string[]): Generator<DiffLine> {
  const lengths = toLengths(a, b)
  const width = b.length + 1
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [one, other] = [a[i], b[j]]
    const skipsOne = lengths[(i + 1) * width + j] ?? 0
    const skipsOther = lengths[i * width + j + 1] ?? 0
    if (one !== undefined && one === other) {
      yield { kind: 'same', text: one }
      i += 1
      j += 1
    } else if (one !== undefined && (other === undefined || skipsOne >= skipsOther)) {
      yield { kind: 'removed', text: one }
      i += 1
    } else {
      yield { kind: 'added', text: other ?? '' }
      j += 1
    }
  }
}

/** The lengths of the longest common subsequences of all ends of both lists. */
function toLengths(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0)
    }
  }
  return lengths
}
