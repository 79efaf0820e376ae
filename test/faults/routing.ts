/** Where requests go: fallback, cooldown, larger windows, and what is reported of it. */
import { describe, expect, test } from 'vitest'

import type { Bench } from './bench.ts'
import { answerWell, begin, done, error, event, finish, refuse, role, text } from './chat.ts'
import { readEvents, readOutcome } from './outcome.ts'
import { hello } from './table/fault.ts'
import type { Script, Wire } from './wire.ts'

const tooLong = error(
  "This model's maximum context length is 900 tokens. However, your messages resulted in 1500 tokens.",
  {
    code: 'context_length_exceeded',
  },
)
let recoveries = 0

const scripts: Record<string, Script> = {
  'too-long': (wire) => refuse(wire, 400, tooLong),
  small: (wire) => refuse(wire, 500, error('never asked')),
  rested: (wire) => refuse(wire, 429, error('slow down'), { 'retry-after': '60' }),
  overloaded: (wire) => refuse(wire, 529, error('Overloaded')),
  wrong: (wire) => refuse(wire, 400, error('temperature must be under 2')),
  recovers: async (wire) => {
    recoveries += 1
    await (recoveries === 1
      ? refuse(wire, 503, error('loading'), { 'retry-after': '1' })
      : answerWell(wire))
  },
  'late-start': async (wire) => {
    wire.head()
    await wire.wait(10_800)
    await wire.send(role + text('late') + finish + done)
    wire.end()
  },
  'late-failure': (wire) => wire.wait(10_800).then(() => wire.reset()),
  'late-plain': async (wire) => {
    wire.head()
    await wire.send(role)
    await wire.wait(10_800)
    await wire.send(text('late') + finish + done)
    wire.end()
  },
  'late-plain-failure': async (wire: Wire) => {
    await begin(wire)
    await wire.wait(10_800)
    await wire.send(event(error('temperature must be under 2', { code: 400 })))
    wire.end()
  },
}

export function scriptOfRouting(model: string): Script | undefined {
  return scripts[model]
}

export function testRouting(getBench: () => Bench): void {
  describe.concurrent('a request with several targets', () => {
    test('fails over from a closed port to the next target', async () => {
      const { ask } = getBench()
      const alone = await ask('dead/one')
      expect(await readOutcome(alone)).toBe('502 api_error')
      const response = await ask('dead/two')
      expect(response.headers.get('gateway-attempts')).toBe(
        '"dead/dead";failed="api_error", "good/good"',
      )
      expect(response.headers.get('gateway-model')).toBe('good/good')
      expect(response.headers.get('server-timing')).toMatch(/^upstream;dur=\d+, gateway;dur=\d+$/)
      expect(await readOutcome(response)).toBe(hello)
    })

    test('that is too long fails over to a target with a larger context window, and to no smaller one', async () => {
      const { ask, upstream } = getBench()
      const response = await ask('windows/too-long', { stream: true })
      expect(response.headers.get('gateway-attempts')).toBe(
        '"up/too-long";failed="invalid_request_error", "good/good"',
      )
      expect(await readOutcome(response)).toBe(hello)
      expect(upstream.of('small')).toEqual([])
      const alone = await ask('two/too-long')
      expect(await alone.text()).toContain('prompt is too long: 1500 tokens > 900 maximum')
    })

    test('skips a target that asked for a cooldown, and an invalid request starts none', async () => {
      const { ask, upstream } = getBench()
      await readOutcome(await ask('two/rested'))
      await readOutcome(await ask('two/rested'))
      expect(upstream.of('rested')).toHaveLength(1)
      await readOutcome(await ask('two/wrong'))
      await readOutcome(await ask('two/wrong'))
      expect(upstream.of('wrong')).toHaveLength(2)
    })

    test('skips a target that fails repeatedly', async () => {
      const { ask, upstream } = getBench()
      for (let at = 0; at < 5; at += 1) {
        expect(await readOutcome(await ask('two/overloaded'))).toBe(hello)
      }
      expect(upstream.of('overloaded')).toHaveLength(3)
    })

    test('retries the only target if it asked for a wait of one second', async () => {
      const { ask, upstream } = getBench()
      expect(await readOutcome(await ask('one/recovers', { stream: true }))).toBe(hello)
      expect(upstream.of('recovers')).toHaveLength(2)
    })
  })

  describe.concurrent('a slow request', () => {
    test('with streaming receives pings after ten seconds, and then the answer', async () => {
      const response = await getBench().ask('slow-one/late-start', { stream: true })
      const body = await response.text()
      const types = readEvents(body).map(({ type }) => type)
      expect(types.slice(0, 2)).toEqual(['message_start', 'ping'])
      expect(types.at(-1)).toBe('message_stop')
    })

    test('with streaming can still fail over after the first ping', async () => {
      const response = await getBench().ask('slow-two/late-failure', { stream: true })
      expect(await readOutcome(response)).toBe(hello)
    })

    test('without streaming is kept alive by whitespace before the answer', async () => {
      const response = await getBench().ask('slow-streamed/late-plain')
      const body = await response.text()
      expect(body).toMatch(/^ +\{/)
      expect(JSON.parse(body)).toMatchObject({ content: [{ text: 'late' }] })
    })

    test('without streaming that fails after whitespace was sent is aborted, so that no client takes it for an answer', async () => {
      const response = await getBench().ask('slow-streamed/late-plain-failure')
      expect(await readOutcome(response)).toBe('200 broken')
    })
  })
}
