/** Choices are below this, which all small counts divide. */
const range = 5040

/**
 * The choices that a random input was made of. The same choices make the same shape at any size, and a
 * change of some of them makes a shape that is like it.
 */
export class Choices {
  /** Every choice so far: what was given, and what was added at random behind it. */
  readonly made: number[]
  readonly #random: () => number
  #at = 0
  #repeats = 0

  constructor(given: readonly number[], random: () => number) {
    this.made = [...given]
    this.#random = random
  }

  /** A whole number below `count`. */
  below(count: number): number {
    if (this.#at === this.made.length) {
      this.made.push(Math.floor(this.#random() * range))
    }
    const choice = this.made[this.#at] ?? 0
    this.#at += 1
    return choice % count
  }

  one<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!
  }

  /** True once in `count` times. */
  chance(count: number): boolean {
    return this.below(count) === 0
  }

  /** Up to `most` items, each of choices of its own. */
  few<Item>(most: number, make: (index: number) => Item): Item[] {
    return Array.from({ length: this.below(most + 1) }, (_, index) => make(index))
  }

  /**
   * `size` items, all of the same choices. Inside of another repetition only three, so that an input's
   * length stays in proportion to its size.
   */
  many<Item>(size: number, make: (index: number) => Item): Item[] {
    const start = this.#at
    const count = this.#repeats === 0 ? size : 3
    this.#repeats += 1
    const items = Array.from({ length: count }, (_, index) => {
      this.#at = start
      return make(index)
    })
    this.#repeats -= 1
    return items
  }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Choices like the given ones: some changed, some removed, some taken from another input. */
export function vary(
  made: readonly number[],
  other: readonly number[],
  random: () => number,
): number[] {
  const varied = [...made]
  const changes = 1 + Math.floor(random() * 3)
  for (let change = 0; change < changes; change += 1) {
    const at = Math.floor(random() * varied.length)
    const kind = random()
    if (kind < 0.6) {
      varied[at] = Math.floor(random() * range)
    } else if (kind < 0.75) {
      varied.splice(at, 1 + Math.floor(random() * 3))
    } else {
      const from = Math.floor(random() * other.length)
      varied.splice(at, 0, ...other.slice(from, from + 8))
    }
  }
  return varied
}
