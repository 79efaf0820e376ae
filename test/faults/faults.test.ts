/** One Worker for all: starting it takes longer than most faults. */
import { afterAll, beforeAll, expect, test } from 'vitest'

import type { Bench } from './bench.ts'
import { startBench } from './bench.ts'
import { answerWell } from './chat.ts'
import { scriptOfFault, testFaults } from './each-fault.ts'
import { scriptOfHostile, testHostile } from './hostile.ts'
import { scriptOfLeaving, testLeaving } from './leaving.ts'
import { scriptOfPace, testPace } from './pace.ts'
import { scriptOfPassed, testPassing } from './passing.ts'
import { scriptOfRouting, testRouting } from './routing.ts'
import { scriptOfSoak, soak } from './soak.ts'

const scripts = [
  scriptOfFault,
  scriptOfPassed,
  scriptOfRouting,
  scriptOfLeaving,
  scriptOfHostile,
  scriptOfPace,
  scriptOfSoak,
]

let bench: Bench

beforeAll(async () => {
  bench = await startBench((model) => {
    for (const scriptOf of scripts) {
      const script = scriptOf(model)
      if (script !== undefined) {
        return script
      }
    }
    return answerWell
  })
}, 60_000)

afterAll(async () => {
  await bench.stop()
})

testFaults(() => bench)
testPassing(() => bench)
testRouting(() => bench)
testHostile(() => bench)
testLeaving(() => bench)
testPace(() => bench)

test('five hundred parallel streams end well-formed, despite faults and clients that disconnect', async () => {
  const soaked = await soak(bench, { streams: 500, parallel: 50 })
  expect(soaked).toEqual({ ended: 500, wrong: [], open: 0 })
  expect(bench.lines.filter(({ bug }) => bug !== undefined)).toEqual([])
})
