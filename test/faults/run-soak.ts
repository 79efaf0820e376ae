/** `npm run soak -- [--streams 10000] [--parallel 200]`: the soak in full, and what memory it took. Linux. */
import { readdirSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { startBench } from './bench.ts'
import { answerWell } from './chat.ts'
import { scriptOfSoak, soak } from './soak.ts'

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '10000' },
    parallel: { type: 'string', default: '200' },
  },
})
const streams = Number(values.streams)
/** Memory may grow by so much after the first thousand. */
const maxGrowth = 1.2

/** Resident memory of the workerd that this process has started, in MiB. */
function residentMib(): number {
  const pages = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        const [, name, rest = ''] = /\((.*)\) (.*)/s.exec(stat) ?? []
        const isOurs = name === 'workerd' && rest.split(' ')[1] === String(process.pid)
        return isOurs ? Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) : 0
      } catch {
        return 0
      }
    })
  return (Math.max(...pages) * 4096) / 2 ** 20
}

const bench = await startBench((model) => scriptOfSoak(model) ?? answerWell)
try {
  let afterFirst = 0
  const startedAt = Date.now()
  const { ended, wrong, open } = await soak(
    bench,
    { streams, parallel: Number(values.parallel) },
    (count) => {
      if (count === Math.min(1000, streams)) {
        afterFirst = residentMib()
      }
      if (count % 1000 === 0) {
        console.log(`${count} streams, ${residentMib().toFixed(0)} MiB`)
      }
    },
  )
  const atEnd = residentMib()
  const bugs = bench.lines.filter(({ bug }) => bug !== undefined).length
  const seconds = (Date.now() - startedAt) / 1000
  console.log(
    `${ended} streams in ${seconds.toFixed(1)} s: ${wrong.length} wrong, ${bugs} bugs, ${open} upstream connections open; ` +
      `memory ${afterFirst.toFixed(0)} MiB after the first thousand, ${atEnd.toFixed(0)} MiB at the end`,
  )
  wrong.slice(0, 10).forEach((line) => console.log(line))
  const isWell = wrong.length === 0 && bugs === 0 && open === 0 && atEnd <= afterFirst * maxGrowth
  process.exitCode = isWell ? 0 : 1
} finally {
  await bench.stop()
}
