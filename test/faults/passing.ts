/** Faults of upstreams whose answers are passed through, and calls that go from one kind to the other. */
import { describe, expect, test } from 'vitest'

import type { Bench } from './bench.ts'
import { readOutcome } from './outcome.ts'
import { hello } from './table/fault.ts'
import { answerAsAnthropic, passed } from './table/passed.ts'
import type { Script } from './wire.ts'

function toModel(name: string, mode: string): string {
  return `${encodeURIComponent(name)}~${mode}`
}

export function scriptOfPassed(model: string): Script | undefined {
  const [name = ''] = model.split('~')
  return name === 'claude-good'
    ? answerAsAnthropic
    : passed.find((fault) => encodeURIComponent(fault.name) === name)?.script
}

export function testPassing(getBench: () => Bench): void {
  describe.concurrent('an Anthropic upstream', () => {
    test.each(passed)('$name: a stream', async ({ name, stream, asked = 1 }) => {
      const { ask, upstream, quiet } = getBench()
      const model = toModel(name, 'stream')
      expect(await readOutcome(await ask(`passed/${model}`, { stream: true }))).toBe(stream)
      expect(upstream.of(model)).toHaveLength(asked)
      await quiet(model)
    })

    test.each(passed)('$name: a stream with another target', async ({ name, two = hello }) => {
      const { ask, quiet } = getBench()
      const model = toModel(name, 'two')
      expect(await readOutcome(await ask(`passed-two/${model}`, { stream: true }))).toBe(two)
      await quiet(model)
    })

    test('takes over where one of another dialect has failed, with streaming and without', async () => {
      const { ask } = getBench()
      const stream = await ask('to-passed/resets%20immediately~to', { stream: true })
      expect(stream.headers.get('gateway-model')).toBe('claude/claude-good')
      expect(await readOutcome(stream)).toBe(hello)
      const plain = await ask('to-passed/resets%20immediately~to')
      expect(await readOutcome(plain)).toBe(hello)
    })

    test('takes over after another has sent message_start, and the client receives one message_start', async () => {
      const { ask } = getBench()
      const response = await ask('to-passed/fails%20after%20its%20first%20event~to', {
        stream: true,
      })
      expect(await readOutcome(response)).toBe(hello)
    })
  })
}
