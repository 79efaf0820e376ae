/**
 * Whatever clients and upstreams send: never a 5xx for a client's fault, never a bug, never an illegal
 * stream. Bounded, and the same every time.
 */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { readOutcome } from '../faults/outcome.ts'
import { chatStream, createHarness, delta } from '../support/app.ts'

const runs = { numRuns: 300, seed: 20_261_125 }

const clients = import.meta.glob<string>('../cases/*/*/1-client.json', {
  eager: true,
  import: 'default',
  query: '?raw',
})
const replies = import.meta.glob<string>('../cases/*/*/3-reply.{sse,json}', {
  eager: true,
  import: 'default',
  query: '?raw',
})
const dialects = ['openai-chat', 'openai-responses', 'gemini']

/** A model for each dialect, which is its name. */
const catalog = {
  version: 1,
  providers: Object.fromEntries(
    dialects.map((dialect) => [dialect, { dialect, base_url: 'http://up.test', secret: null }]),
  ),
  models: dialects.map((dialect) => ({
    id: dialect,
    targets: [{ provider: dialect, model: 'up' }],
  })),
}

/** What stands where it should not. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(null, '', 0, -1, 1e308, true, [], {}, [[]], [null], '__proto__', 'user'),
  fc.jsonValue({ maxDepth: 2 }),
)

interface Change {
  at: number
  how: 'replace' | 'remove' | 'repeat' | 'rename'
  by: unknown
}

const changes = fc.array(
  fc.record<Change>({
    at: fc.nat(),
    how: fc.constantFrom('replace', 'remove', 'repeat', 'rename'),
    by: odd,
  }),
  { minLength: 1, maxLength: 4 },
)

interface Place {
  holder: Record<string, unknown>
  key: string
}

function placesOf(value: unknown): Place[] {
  return typeof value === 'object' && value !== null
    ? Object.keys(value).flatMap((key) => {
        const holder = value as Record<string, unknown>
        return [{ holder, key }, ...placesOf(holder[key])]
      })
    : []
}

function change(value: object, { at, how, by }: Change): void {
  const places = placesOf(value)
  const place = places[at % Math.max(1, places.length)]
  if (place === undefined) {
    return
  }
  const { holder, key } = place
  if (how === 'replace') {
    holder[key] = by
  } else if (how === 'repeat') {
    holder[key] = [holder[key], holder[key]]
  } else {
    if (how === 'rename') {
      holder[JSON.stringify(by).slice(0, 20)] = holder[key]
    }
    delete holder[key]
  }
}

/** Bytes cut out, put in, turned. */
const edits = fc.array(
  fc.record({
    at: fc.nat(),
    remove: fc.nat(12),
    insert: fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc
        .constantFrom(
          '\n\n',
          'data: ',
          '"',
          '}',
          ']',
          '{',
          '\\',
          'null',
          '\u0000',
          '1e999',
          '[DONE]',
        )
        .map((text) => new TextEncoder().encode(text)),
    ),
  }),
  { minLength: 1, maxLength: 5 },
)
type Edit = typeof edits extends fc.Arbitrary<(infer One)[]> ? One : never

function edit(bytes: Uint8Array, list: readonly Edit[]): Uint8Array<ArrayBuffer> {
  let edited = Array.from(bytes)
  for (const { at, remove, insert } of list) {
    const from = at % (edited.length + 1)
    edited = [...edited.slice(0, from), ...insert, ...edited.slice(from + remove)]
  }
  return Uint8Array.from(edited)
}

const answer = () => chatStream(delta({ content: 'hello' }, 'stop'))

describe('any client request', () => {
  test('any client request that is JSON gets an answer or a client error', async () => {
    const { request, lines, settled } = await createHarness({ catalog, upstream: answer })
    const bodies = Object.values(clients)
    const body = fc.tuple(
      fc.nat(bodies.length - 1),
      changes,
      fc.constantFrom(...dialects),
      fc.boolean(),
    )
    await fc.assert(
      fc.asyncProperty(body, async ([index, list, model, stream]) => {
        const json: object = { ...JSON.parse(bodies[index] ?? '{}'), model, stream }
        list.forEach((one) => change(json, one))
        lines.length = 0
        const response = await request('/v1/messages', { json: { ...json, model } })
        await response.text()
        await settled()
        // The stub answers as chat completions: what other dialects make of that is not asked here.
        expect([bugOf(lines), response.status < 500 || response.status === 502]).toEqual([
          undefined,
          true,
        ])
      }),
      runs,
    )
  })

  test('any client request that is random bytes gets a client error', async () => {
    const { request, lines, settled } = await createHarness({ upstream: answer })
    const good = new TextEncoder().encode(
      '{"model":"m","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"h\u00e9llo"}],"tools":[{"name":"t","input_schema":{"type":"object"}}]}',
    )
    await fc.assert(
      fc.asyncProperty(edits, async (list) => {
        lines.length = 0
        const response = await request('/v1/messages', { method: 'POST', body: edit(good, list) })
        await response.text()
        await settled()
        expect([bugOf(lines), response.status < 500]).toEqual([undefined, true])
      }),
      runs,
    )
  })
})

describe('any upstream response', () => {
  test.each(dialects)(
    'any upstream response in the dialect %s gives a well-formed stream and a well-formed non-streaming answer',
    async (model) => {
      const bodies = Object.entries(replies)
        .filter(([path]) => path.includes(`/${model}/`))
        .map(([, text]) => new TextEncoder().encode(text.slice(0, 20_000)))
      let bytes = new Uint8Array()
      const { request, lines, settled } = await createHarness({
        catalog,
        upstream: () => new Response(bytes),
      })
      const body = fc.tuple(fc.nat(bodies.length - 1), edits, fc.boolean())
      await fc.assert(
        fc.asyncProperty(body, async ([index, list, stream]) => {
          bytes = edit(bodies[index] ?? new Uint8Array(), list)
          lines.length = 0
          const ask = { model, max_tokens: 9, stream, messages: [{ role: 'user', content: 'hi' }] }
          const outcome = await readOutcome(await request('/v1/messages', { json: ask }))
          await settled()
          expect([outcome.slice(0, 3), bugOf(lines)]).toEqual([
            expect.stringMatching(/^(?:200|400|404|409|413|429|500|502|504|529)$/),
            undefined,
          ])
        }),
        runs,
      )
    },
  )
})

function bugOf(lines: readonly object[]): unknown {
  return lines
    .map((line) => ('bug' in line ? line.bug : undefined))
    .find((bug) => bug !== undefined)
}
