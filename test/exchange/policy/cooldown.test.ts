import { describe, expect, test } from 'vitest'

import { Cooldowns } from '../../../src/exchange/policy/cooldown.ts'

const strike = { health: 'strike' } as const
const cooldown = (cooldownMs: number) => ({ health: 'cooldown', cooldownMs }) as const

function strikes(cooldowns: Cooldowns, times: number, now = 0): void {
  for (let at = 0; at < times; at += 1) {
    cooldowns.fail('a', strike, now)
  }
}

describe('a cooldown', () => {
  test('lasts for as long as the provider asked, for this secret only', () => {
    const cooldowns = new Cooldowns()
    cooldowns.fail('a', cooldown(1000), 0)
    expect(cooldowns.isCoolingDown('a', 999)).toBe(true)
    expect(cooldowns.isCoolingDown('a', 1000)).toBe(false)
    expect(cooldowns.isCoolingDown('b', 0)).toBe(false)
  })

  test('lasts for at most five minutes, however long the provider asked for', () => {
    const cooldowns = new Cooldowns()
    cooldowns.fail('a', cooldown(3_600_000), 0)
    expect(cooldowns.isCoolingDown('a', 299_999)).toBe(true)
    expect(cooldowns.isCoolingDown('a', 300_000)).toBe(false)
  })

  test('is not started by an invalid request', () => {
    const cooldowns = new Cooldowns()
    for (let at = 0; at < 100; at += 1) {
      cooldowns.fail('a', { health: 'none' }, 0)
    }
    expect(cooldowns.isCoolingDown('a', 0)).toBe(false)
  })

  test('starts after three consecutive failures, and not after two', () => {
    const cooldowns = new Cooldowns()
    strikes(cooldowns, 2)
    expect(cooldowns.isCoolingDown('a', 0)).toBe(false)
    strikes(cooldowns, 1)
    expect(cooldowns.isCoolingDown('a', 14_999)).toBe(true)
    expect(cooldowns.isCoolingDown('a', 15_000)).toBe(false)
  })

  test('is not started while at least half of the attempts succeed', () => {
    const cooldowns = new Cooldowns()
    for (let at = 0; at < 50; at += 1) {
      strikes(cooldowns, 1)
      cooldowns.succeed('a', 0)
    }
    strikes(cooldowns, 0)
    expect(cooldowns.isCoolingDown('a', 0)).toBe(false)
  })

  test('doubles each time until the target succeeds again', () => {
    const cooldowns = new Cooldowns()
    strikes(cooldowns, 3)
    strikes(cooldowns, 1, 15_000)
    expect(cooldowns.isCoolingDown('a', 44_999)).toBe(true)
    cooldowns.succeed('a', 20_000)
    expect(cooldowns.isCoolingDown('a', 20_000)).toBe(false)
  })

  test('is not started by failures that are long past', () => {
    const cooldowns = new Cooldowns()
    strikes(cooldowns, 2, 0)
    strikes(cooldowns, 2, 120_000)
    expect(cooldowns.isCoolingDown('a', 120_000)).toBe(false)
  })

  test('is remembered for a thousand targets at most', () => {
    const cooldowns = new Cooldowns()
    for (let at = 0; at <= 1000; at += 1) {
      cooldowns.fail(`model-${at}`, cooldown(1000), 0)
    }
    expect(cooldowns.isCoolingDown('model-0', 0)).toBe(false)
    expect(cooldowns.isCoolingDown('model-1', 0)).toBe(true)
  })
})
