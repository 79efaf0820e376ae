import { describe, expect, test } from 'vitest'

import type { Cooldowns } from '../../../src/exchange/policy/cooldown.ts'
import { createCooldowns } from '../../../src/exchange/policy/cooldown.ts'

const strike = { health: 'strike' } as const
const rests = (restMs: number) => ({ health: 'rests', restMs }) as const

function strikes(cooldowns: Cooldowns, times: number, now = 0): void {
  for (let at = 0; at < times; at += 1) {
    cooldowns.fail('a', strike, now)
  }
}

describe('what rests', () => {
  test('rests for as long as it asked to, and its siblings do not', () => {
    const cooldowns = createCooldowns()
    cooldowns.fail('a', rests(1000), 0)
    expect(cooldowns.isResting('a', 999)).toBe(true)
    expect(cooldowns.isResting('a', 1000)).toBe(false)
    expect(cooldowns.isResting('b', 0)).toBe(false)
  })

  test('rests for five minutes at most, however long it asked to', () => {
    const cooldowns = createCooldowns()
    cooldowns.fail('a', rests(3_600_000), 0)
    expect(cooldowns.isResting('a', 299_999)).toBe(true)
    expect(cooldowns.isResting('a', 300_000)).toBe(false)
  })

  test('does not for the fault of a request', () => {
    const cooldowns = createCooldowns()
    for (let at = 0; at < 100; at += 1) {
      cooldowns.fail('a', { health: 'none' }, 0)
    }
    expect(cooldowns.isResting('a', 0)).toBe(false)
  })

  test('rests after three failures of which nothing else is known, and not after two', () => {
    const cooldowns = createCooldowns()
    strikes(cooldowns, 2)
    expect(cooldowns.isResting('a', 0)).toBe(false)
    strikes(cooldowns, 1)
    expect(cooldowns.isResting('a', 14_999)).toBe(true)
    expect(cooldowns.isResting('a', 15_000)).toBe(false)
  })

  test('does not where it works more often than not', () => {
    const cooldowns = createCooldowns()
    for (let at = 0; at < 50; at += 1) {
      strikes(cooldowns, 1)
      cooldowns.succeed('a', 0)
    }
    strikes(cooldowns, 0)
    expect(cooldowns.isResting('a', 0)).toBe(false)
  })

  test('rests longer each time, until it works again', () => {
    const cooldowns = createCooldowns()
    strikes(cooldowns, 3)
    strikes(cooldowns, 1, 15_000)
    expect(cooldowns.isResting('a', 44_999)).toBe(true)
    cooldowns.succeed('a', 20_000)
    expect(cooldowns.isResting('a', 20_000)).toBe(false)
  })

  test('forgets failures of long ago', () => {
    const cooldowns = createCooldowns()
    strikes(cooldowns, 2, 0)
    strikes(cooldowns, 2, 120_000)
    expect(cooldowns.isResting('a', 120_000)).toBe(false)
  })

  test('is remembered of a thousand at most', () => {
    const cooldowns = createCooldowns()
    for (let at = 0; at <= 1000; at += 1) {
      cooldowns.fail(`model-${at}`, rests(1000), 0)
    }
    expect(cooldowns.isResting('model-0', 0)).toBe(false)
    expect(cooldowns.isResting('model-1', 0)).toBe(true)
  })
})
