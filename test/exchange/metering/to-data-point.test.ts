import { expect, test } from 'vitest'

import { toDataPoint } from '../../../src/exchange/metering/to-data-point.ts'
import { usage } from '../record/record.ts'

test('a data point has its columns in the documented order', () => {
  const charge = {
    id: 'req_1',
    kind: 'messages',
    at: 0,
    model: 'm',
    provider: 'p',
    sent: true,
    usage,
    cost: 65_000,
    estimated: true,
    error: 'api_error',
    adaptations: 2,
    session: 's',
    agent: 'a',
    lastFour: undefined,
  } as const
  expect(toDataPoint(charge, { keyId: 'k', ms: 20 })).toEqual({
    indexes: ['k'],
    blobs: ['m', 'p', 'api_error', 's', 'a'],
    doubles: [10, 5, 3, 2, 1, 0.000065, 20, 1, 2],
  })
})
