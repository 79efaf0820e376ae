/** Whether time grows with the size of its input, or faster. */

const runs = { least: 5, most: 25 }
/** Clearly less than the 4 of quadratic time: no more runs are needed. */
const clear = 2.6

/**
 * The CPU time that twice the size takes, in times of what the size takes: 2 where time is linear, 4 where
 * it is quadratic. The least of several runs is compared, since a busy machine only adds time.
 */
export function growthOf(size: number, prepare: (size: number) => () => unknown): number {
  const once = prepare(size)
  const twice = prepare(2 * size)
  once()
  let [least, leastTwice] = [Infinity, Infinity]
  for (let run = 0; run < runs.most; run += 1) {
    least = Math.min(least, timeOf(once))
    leastTwice = Math.min(leastTwice, timeOf(twice))
    if (run >= runs.least && leastTwice / least < clear) {
      break
    }
  }
  return leastTwice / least
}

function timeOf(run: () => unknown): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return user + system
}
