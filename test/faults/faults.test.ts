/** One Worker for all: starting it takes longer than most faults. */
import { afterAll, beforeAll } from 'vitest'

import type { Bench } from './bench.ts'
import { startBench } from './bench.ts'
import { answerWell } from './chat.ts'
import { scriptOfFault, testFaults } from './each-fault.ts'
import { scriptOfHostile, testHostile } from './hostile.ts'
import { scriptOfLeaving, testLeaving } from './leaving.ts'
import { scriptOfPassed, testPassing } from './passing.ts'
import { scriptOfRouting, testRouting } from './routing.ts'

const scripts = [scriptOfFault, scriptOfPassed, scriptOfRouting, scriptOfLeaving, scriptOfHostile]

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
