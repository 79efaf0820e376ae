/** Lengths of pieces to cut bytes into: small ones, and runs of random ones that are always the same. */
export function lengthsFor(size: number): number[][] {
  const random = createRandom(size)
  const runs = [40, 1000].map((most) => Array.from({ length: 50 }, () => 1 + random(most)))
  // Byte by byte is slow for the longest recordings and finds nothing more there.
  return size < 20_000 ? [[1], ...runs] : runs
}

/** Numbers below `limit`, from a small generator (mulberry32). */
function createRandom(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) % limit
  }
}
