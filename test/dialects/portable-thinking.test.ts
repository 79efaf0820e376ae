/** A conversation may change its model at every turn: each upstream gets its own reasoning back, and nobody else's. */
import fc from 'fast-check'
import { test } from 'vitest'

import type { Move } from '../support/portable/conversation.ts'
import { walk } from '../support/portable/conversation.ts'
import type { Station } from '../support/portable/station.ts'
import { stations } from '../support/portable/stations.ts'

const step = fc.record({ says: fc.constantFrom('text', 'call'), thinks: fc.boolean() })
const move = (among: readonly Station[]): fc.Arbitrary<Move> =>
  fc.record({
    station: fc.constantFrom(...among.map(({ name }) => name)),
    steps: fc.array(step, { minLength: 1, maxLength: 4 }),
    isStream: fc.boolean(),
    isForgotten: fc.constantFrom(false, false, true),
    hasImage: fc.boolean(),
    thinking: fc.constantFrom({ type: 'adaptive' }, { type: 'enabled', budget_tokens: 2048 }),
    isReversed: fc.boolean(),
  })

test.each(stations.map((station) => [station.name, station] as const))(
  'a conversation that stays with %s returns its reasoning exactly',
  (_, station) => {
    fc.assert(
      fc.property(fc.array(move([station]), { minLength: 2, maxLength: 5 }), (moves) => {
        walk(moves, stations)
      }),
      { numRuns: 40, seed: 1 },
    )
  },
)

test('a conversation continues through every change of dialect, provider and model', () => {
  fc.assert(
    fc.property(fc.array(move(stations), { minLength: 2, maxLength: 8 }), (moves) => {
      walk(moves, stations)
    }),
    { numRuns: 500, seed: 2 },
  )
})
