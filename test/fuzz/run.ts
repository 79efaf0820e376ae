/**
 * `npm run fuzz -- [--minutes 1] [--seed N]`: looks for requests and answers whose cost grows faster than
 * their length, and for bugs. Random shapes first, then shapes like the ones that grew or cost the most.
 * Exits with 1 where it finds one; the printed choices repeat it (`--choices 1,2,3`).
 */
import { parseArgs } from 'node:util'

import { Choices, createRandom, vary } from './choices.ts'
import type { Verdict } from './judge.ts'
import { judge, mostGrowth } from './judge.ts'
import { createWorld, makeExchange } from './world.ts'

interface Shape extends Verdict {
  made: readonly number[]
}

/** Shapes to vary: of those that grow, and of those that cost, the most. */
const kept = 40

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    choices: { type: 'string' },
    /** Prints the body and the answer of `--choices` at that size. */
    show: { type: 'string' },
  },
})
const random = createRandom(Number(values.seed))
const send = await createWorld()

if (values.choices === undefined) {
  await search(Number(values.minutes) * 60_000)
} else {
  const made = values.choices.split(',').map(Number)
  const { body, answer } = makeExchange(new Choices(made, random), Number(values.show ?? 2))
  console.log(`${body}\n${answer.status} ${Buffer.concat([...answer.body]).toString()}`)
  console.log(describe({ made, ...(await judge(made, random, send)) }))
}

async function search(forMs: number): Promise<void> {
  const endsAt = performance.now() + forMs
  let [growing, costly]: [Shape[], Shape[]] = [[], []]
  const found: Shape[] = []
  let count = 0
  while (performance.now() < endsAt) {
    const given = choose([...growing, ...costly])
    const choices = new Choices(given, random)
    makeExchange(choices, 1)
    const { made } = choices
    let shape = { made, ...(await judge(made, random, send)) }
    if (shape.growth > mostGrowth) {
      // A busy machine makes one measurement wrong, and seldom two.
      shape = { made, ...(await judge(made, random, send)) }
    }
    count += 1
    if (isFault(shape) && !found.some((known) => isLike(known, shape))) {
      found.push(shape)
      console.error(describe(shape))
    } else if (!isFault(shape)) {
      growing = best([...growing, shape], ({ growth }) => growth)
      costly = best([...costly, shape], ({ msPerMegabyte, bytes }) =>
        bytes < 50_000 ? 0 : msPerMegabyte,
      )
    }
  }
  console.log(
    `seed ${values.seed}: ${count} shapes in ${values.minutes} min, ${found.length} faults; ` +
      `the most growth ${growing[0]?.growth.toFixed(1)}, the most costly:`,
  )
  costly.slice(0, 5).forEach((shape) => console.log(describe(shape)))
  process.exitCode = found.length === 0 ? 0 : 1
}

/** Nothing to begin with, or a variation of what is known. */
function choose(known: readonly Shape[]): number[] {
  const [one, other] = [random(), random()].map((at) => known[Math.floor(at * known.length)])
  return one === undefined || other === undefined || random() < 0.4
    ? []
    : vary(one.made, other.made, random)
}

function best(shapes: readonly Shape[], score: (shape: Shape) => number): Shape[] {
  return shapes.toSorted((a, b) => score(b) - score(a)).slice(0, kept)
}

function isFault({ growth, result }: Shape): boolean {
  return result.bug !== undefined || (growth > mostGrowth && result.ms > 25)
}

/** Whether two faults are probably one. */
function isLike(known: Shape, { made, result }: Shape): boolean {
  if (known.result.bug !== undefined) {
    return known.result.bug.slice(0, 80) === result.bug?.slice(0, 80)
  }
  return known.made.filter((choice, at) => made[at] === choice).length > made.length / 2
}

function describe({ made, growth, msPerMegabyte, size, bytes, result }: Shape): string {
  const cost = `${result.ms.toFixed(0)} ms for ${Math.round(bytes / 1000)} kB (${msPerMegabyte.toFixed(0)} ms/MB)`
  const what = result.bug === undefined ? '' : `\n  bug: ${result.bug}`
  return `growth ${growth.toFixed(1)}, ${cost}, status ${result.status}, size ${size}${what}\n  --choices ${made.join(',')}`
}
