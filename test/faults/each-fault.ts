/** Every fault of the tables, for every kind of client, with one target and with two. */
import { describe, expect, test } from 'vitest'

import type { Bench } from './bench.ts'
import { readOutcome } from './outcome.ts'
import { afterContent } from './table/after-content.ts'
import { beforeContent, harmless } from './table/before-content.ts'
import { beforeHead, statuses } from './table/before-head.ts'
import type { Fault } from './table/fault.ts'
import { hello } from './table/fault.ts'
import type { Script } from './wire.ts'

const tables = { beforeHead, statuses, beforeContent, harmless, afterContent }
const faults = Object.values(tables).flat()

/** A model is named after its fault and the test, so that exchanges can be distinguished. */
function toModel(fault: Fault, mode: string): string {
  return `${encodeURIComponent(fault.name)}~${mode}`
}

export function scriptOfFault(model: string): Script | undefined {
  const [name = ''] = model.split('~')
  return faults.find((fault) => encodeURIComponent(fault.name) === name)?.script
}

/** The catalog's models for one target, or two, have a variant that waits as long as in production. */
function toPrefix(prefix: string, { isSlow = false }: Fault): string {
  return isSlow ? `slow-${prefix}` : prefix
}

export function testFaults(getBench: () => Bench): void {
  describe.concurrent.each(Object.entries(tables))('an upstream with a fault (%s)', (_, table) => {
    test.each(table)('$name: a stream', async (fault) => {
      const { ask, upstream, quiet } = getBench()
      const model = toModel(fault, 'stream')
      const outcome = await readOutcome(
        await ask(`${toPrefix('one', fault)}/${model}`, { stream: true }),
      )
      expect(outcome).toBe(fault.stream)
      expect(upstream.of(model)).toHaveLength(fault.asked ?? 1)
      await quiet(model)
    })

    test.each(table)('$name: a non-streaming request', async (fault) => {
      const { ask, quiet } = getBench()
      const model = toModel(fault, 'plain')
      const outcome = await readOutcome(await ask(`${toPrefix('one', fault)}/${model}`))
      expect(outcome).toBe(fault.plain ?? fault.stream)
      await quiet(model)
    })

    test.each(table)('$name: a non-streaming request that is streamed upstream', async (fault) => {
      const { ask, quiet } = getBench()
      const model = toModel(fault, 'streamed')
      const outcome = await readOutcome(await ask(`${toPrefix('streamed', fault)}/${model}`))
      expect(outcome).toBe(fault.plain ?? fault.stream)
      await quiet(model)
    })

    test.each(table)('$name: a stream with another target', async (fault) => {
      const { ask, upstream, quiet } = getBench()
      const model = toModel(fault, 'two')
      const outcome = await readOutcome(
        await ask(`${toPrefix('two', fault)}/${model}`, { stream: true }),
      )
      expect(outcome).toBe(fault.two ?? hello)
      expect(upstream.of(model)).toHaveLength(1)
      await quiet(model)
    })

    test.each(table)('$name: a non-streaming request with another target', async (fault) => {
      const { ask, quiet } = getBench()
      const model = toModel(fault, 'both')
      const outcome = await readOutcome(await ask(`${toPrefix('streamed-two', fault)}/${model}`))
      expect(outcome).toBe(toPlainOfTwo(fault))
      await quiet(model)
    })
  })
}

/** Nothing was sent before all was there, so the other target may answer what a stream has lost. */
function toPlainOfTwo({ two, plain, stream }: Fault): string {
  const alone = plain ?? stream
  return alone.startsWith('200') || alone.startsWith('4')
    ? two === undefined
      ? hello
      : alone
    : hello
}
