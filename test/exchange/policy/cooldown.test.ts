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
  test('a cooldown lasts for as long as the provider asked, for this secret only', () => {
    const cooldowns = new Cooldowns()
    cooldowns.fail('a', cooldown(1000), 0)
    expect(cooldowns.isCoolingDown('a', 999)).toBe(true)
    expect(cooldowns.isCoolingDown('a', 1000)).toBe(false)
    expect(cooldowns.isCoolingDown('b', 0)).toBe(false)
  })

  test('a cooldown lasts for at most five minutes, however long the provider asked for', () => {
    const cooldowns = new Cooldowns()
    cooldowns.fail('a', cooldown(3_600_000), 0)
    expect(cooldowns.isCoolingDown('a', 299_999)).toBe(true)
    expect(cooldowns.isCoolingDown('a', 300_000)).toBe(false)
  })

  test('a cooldown is not started by an invalid request', () => {
    const cooldowns = new Cooldowns()
    for (let at = 0; at < 100; at += 1) {
      cooldowns.fail('a', { health: 'none' }, 0)
    }
    expect(cooldowns.isCoolingDown('a', 0)).toBe(false)
  })

  test('a cooldown starts after three consecutive failures, and not after two', () => {
    const cooldowns = new Cooldowns()
    strikes(cooldowns, 2)
    expect(cooldowns.isCoolingDown('a', 0)).toBe(false)
    strikes(cooldowns, 1)
    expect(cooldowns.isCoolingDown('a', 14_999)).toBe(true)
    expect(cooldowns.isCoolingDown('a', 15_000)).toBe(false)
  })

  test('a cooldown is not started while at least half of the attempts succeed', () => {
    const cooldowns = new Cooldowns()
    for (let at = 0; at < 50; at += 1) {
      strikes(cooldowns, 1)
      cooldowns.succeed('a', 0)
    }
    strikes(cooldowns, 0)
    expect(cooldowns.isCoolingDown('a', 0)).toBe(false)
  })

  test('a cooldown doubles each time until the target succeeds again', () => {
    const cooldowns = new Cooldowns()
    strikes(cooldowns, 3)
    strikes(cooldowns, 1, 15_000)
    expect(cooldowns.isCoolingDown('a', 44_999)).toBe(true)
    cooldowns.succeed('a', 20_000)
    expect(cooldowns.isCoolingDown('a', 20_000)).toBe(false)
  })

  test('a cooldown is not started by failures that are long past', () => {
    const cooldowns = new Cooldowns()
    strikes(cooldowns, 2, 0)
    strikes(cooldowns, 2, 120_000)
    expect(cooldowns.isCoolingDown('a', 120_000)).toBe(false)
  })

  test('a cooldown lasts 15 seconds where the provider names no time', () => {
    const cooldowns = new Cooldowns()
    expect(cooldowns.fail('a', { health: 'cooldown' }, 1000)).toBe(16_000)
  })

  test('a cooldown is not shortened by a later failure', () => {
    const cooldowns = new Cooldowns()
    cooldowns.fail('a', cooldown(60_000), 0)
    cooldowns.fail('a', cooldown(1000), 10)
    expect(cooldowns.isCoolingDown('a', 59_999)).toBe(true)
  })

  test('a cooldown is reported with its end by the failure that begins it, and by no other', () => {
    const cooldowns = new Cooldowns()
    expect(cooldowns.fail('a', strike, 0)).toBeUndefined()
    expect(cooldowns.fail('a', { health: 'none' }, 0)).toBeUndefined()
    expect(cooldowns.fail('a', cooldown(1000), 0)).toBe(1000)
    expect(cooldowns.fail('a', cooldown(2000), 999)).toBeUndefined()
    expect(cooldowns.fail('a', cooldown(1000), 5000)).toBe(6000)
    expect(cooldowns.fail('a', cooldown(0), 6000)).toBeUndefined()
  })

  test('a cooldown is listed with its end as long as it lasts', () => {
    const cooldowns = new Cooldowns()
    cooldowns.fail('a', cooldown(1000), 0)
    cooldowns.fail('b', cooldown(2000), 0)
    cooldowns.fail('c', strike, 0)
    expect(cooldowns.list(999)).toEqual([
      { name: 'a', until: 1000 },
      { name: 'b', until: 2000 },
    ])
    expect(cooldowns.list(1000)).toEqual([{ name: 'b', until: 2000 }])
  })

  test('a cooldown starts when more than half of at least three attempts failed', () => {
    const cooldowns = new Cooldowns()
    strikes(cooldowns, 2)
    for (let times = 0; times < 3; times += 1) {
      cooldowns.succeed('a', 0)
    }
    expect(cooldowns.fail('a', strike, 0)).toBeUndefined()
    expect(cooldowns.fail('a', strike, 0)).toBe(15_000)
  })

  test('a cooldown lasts 15, 30, 60 seconds and so on up to 300 until a success, and then 15 again', () => {
    const cooldowns = new Cooldowns()
    /** The end of the cooldown that failures start, at most three of them. */
    const failAt = (now: number): number =>
      cooldowns.fail('a', strike, now) ??
      cooldowns.fail('a', strike, now) ??
      cooldowns.fail('a', strike, now) ??
      Number.NaN

    let now = 0
    const seconds = Array.from({ length: 6 }, () => {
      const start = now
      now = failAt(start)
      return (now - start) / 1000
    })
    expect(seconds).toEqual([15, 30, 60, 120, 240, 300])

    cooldowns.succeed('a', now)
    now += 60_000
    expect(failAt(now)).toBe(now + 15_000)
  })

  test('a cooldown counts failures of the present half minute and of the one before', () => {
    const within = new Cooldowns()
    strikes(within, 2, 0)
    expect(within.fail('a', strike, 59_999)).toBe(74_999)

    const after = new Cooldowns()
    strikes(after, 2, 0)
    expect(after.fail('a', strike, 60_000)).toBeUndefined()

    const moved = new Cooldowns()
    strikes(moved, 2, 29_999)
    moved.fail('a', strike, 30_000)
    expect(moved.isCoolingDown('a', 30_000)).toBe(true)

    const twice = new Cooldowns()
    strikes(twice, 1, 0)
    strikes(twice, 1, 30_000)
    expect(twice.fail('a', strike, 60_000)).toBeUndefined()
    expect(twice.fail('a', strike, 60_000)).toBe(75_000)
  })

  test('a cooldown is not ended, and a target not remembered, by a success of another one', () => {
    const cooldowns = new Cooldowns()
    cooldowns.fail('a', cooldown(1000), 0)
    cooldowns.succeed('b', 0)
    expect(cooldowns.isCoolingDown('a', 0)).toBe(true)
    expect(cooldowns.list(-1)).toEqual([{ name: 'a', until: 1000 }])
  })

  test('a cooldown is remembered for a thousand targets at most', () => {
    const cooldowns = new Cooldowns()
    for (let at = 0; at <= 1000; at += 1) {
      cooldowns.fail(`model-${at}`, cooldown(1000), 0)
    }
    expect(cooldowns.isCoolingDown('model-0', 0)).toBe(false)
    expect(cooldowns.isCoolingDown('model-1', 0)).toBe(true)
  })
  test('a cooldown is forgotten first for the target whose last failure is the oldest', () => {
    const cooldowns = new Cooldowns()
    for (let at = 0; at < 1000; at += 1) {
      cooldowns.fail(`model-${at}`, cooldown(1000), 0)
    }
    cooldowns.fail('model-0', cooldown(1000), 0)
    cooldowns.fail('another', cooldown(1000), 0)
    expect(cooldowns.isCoolingDown('model-0', 0)).toBe(true)
    expect(cooldowns.isCoolingDown('model-1', 0)).toBe(false)
  })
})
