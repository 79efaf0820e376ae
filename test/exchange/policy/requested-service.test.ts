import { describe, expect, test } from 'vitest'

import {
  requestedGeography,
  byService,
  toServiceUsage,
} from '../../../src/exchange/policy/requested-service.ts'

type Target = Parameters<typeof byService>[0][number] & { name: string }

const target = (
  name: string,
  marks: Partial<Target['marks']> = {},
  kind: Target['dialect']['kind'] = 'translated',
): Target => ({
  name,
  marks: { geo: undefined, speed: undefined, serviceTier: undefined, ...marks },
  dialect: { kind },
})

const plain = target('plain')
const eu = target('eu', { geo: 'eu' })
const us = target('us', { geo: 'us' })
const fast = target('fast', { speed: 'fast' })
const priority = target('priority', { serviceTier: 'priority' })
const anthropic = target('anthropic', {}, 'pass-through')

const order = (json: object, ...targets: Target[]): string[] =>
  byService(targets, { ...json }).map(({ name }) => name)

describe('a request that is bound to a place', () => {
  test('a request that is bound to a place is served only by targets of that place, and by hosts that handle the field themselves', () => {
    const json = { inference_geo: 'eu' }
    expect(requestedGeography(json)).toBe('eu')
    expect(order(json, plain, eu, us, anthropic)).toEqual(['eu', 'anthropic'])
    expect(order(json, us)).toEqual([])
    expect(order(json, eu)).toEqual(['eu'])
  })

  test('a request that is bound to a place is not served by a host that passes requests through but is marked with another place', () => {
    const other = target('other', { geo: 'us' }, 'pass-through')
    expect(order({ inference_geo: 'eu' }, other)).toEqual([])
  })

  test.each([{}, { inference_geo: 'global' }, { inference_geo: null }])(
    'a request that is bound to a place is served by all targets if it may run anywhere: %j',
    (json) => {
      expect(requestedGeography(json)).toBeUndefined()
      expect(order(json, plain, eu, us)).toEqual(['plain', 'eu', 'us'])
    },
  )
})

describe('targets keep their order', () => {
  test('fast targets come first if a request asks for speed', () => {
    expect(order({ speed: 'fast' }, plain, fast, eu)).toEqual(['fast', 'plain', 'eu'])
    expect(order({ speed: 'standard' }, plain, fast)).toEqual(['plain', 'fast'])
    expect(order({}, plain, fast)).toEqual(['plain', 'fast'])
  })

  test('priority targets come first if a request may use a priority tier', () => {
    expect(order({ service_tier: 'auto' }, plain, priority)).toEqual(['priority', 'plain'])
    expect(order({}, plain, priority)).toEqual(['plain', 'priority'])
  })

  test('priority targets come last if a request wants the standard tier only', () => {
    const json = { service_tier: 'standard_only' }
    expect(order(json, priority, plain)).toEqual(['plain', 'priority'])
    expect(order({ ...json, speed: 'fast' }, priority, plain, fast)).toEqual([
      'fast',
      'plain',
      'priority',
    ])
  })
})

describe('the usage of an answer', () => {
  test('the usage of an answer has no service fields if the request did not ask for them', () => {
    expect(toServiceUsage({}, fast.marks)).toEqual({})
    expect(
      toServiceUsage({ service_tier: null, speed: null, inference_geo: null }, fast.marks),
    ).toEqual({})
  })

  test('the usage of an answer has the tier, speed and geography of the target', () => {
    const marks = { geo: 'eu', speed: 'fast', serviceTier: 'priority' } as const
    const json = { service_tier: 'auto', speed: 'fast', inference_geo: 'eu' }
    expect(toServiceUsage(json, marks)).toEqual({
      service_tier: 'priority',
      speed: 'fast',
      inference_geo: 'eu',
    })
  })

  test('the usage of an answer has the standard tier and no geography for a target without marks', () => {
    const json = { service_tier: 'auto', speed: 'fast', inference_geo: 'global' }
    expect(toServiceUsage(json, plain.marks)).toEqual({
      service_tier: 'standard',
      speed: 'standard',
      inference_geo: null,
    })
  })
})
