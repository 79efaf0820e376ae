/** One Worker for all: starting it takes longer than most faults. */
import { afterAll, beforeAll } from 'vitest'

import type { Bench } from './bench.ts'
import { startBench } from './bench.ts'
import { answerWell } from './chat.ts'
import { testFaults, scriptOfFault } from './each-fault.ts'

let bench: Bench

beforeAll(async () => {
  bench = await startBench((model) => scriptOfFault(model) ?? answerWell)
}, 60_000)

afterAll(async () => {
  await bench.stop()
})

testFaults(() => bench)
