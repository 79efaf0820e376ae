/** Every published check can fail: each meets a gateway that breaks what it checks. */
import { beforeAll, expect, test } from 'vitest'

import '../support/workers-platform.ts'
import { checks } from '../../src/cli/conformance/checks/index.ts'
import { runChecks } from '../../src/cli/conformance/run-checks.ts'
import { violations } from './violations.ts'
import type { World } from './world.ts'
import { createWorld } from './world.ts'

let world: World

beforeAll(async () => {
  // A demo with web search: its upstream has no faults, which are planted anyway.
  world = await createWorld('demo', 'demo')
})

test('every check has a violation, and every violation a check', () => {
  expect(Object.keys(violations)).toEqual(checks.map(({ id }) => id))
})

test.each(checks)('$id fails where it is violated', async (check) => {
  const { access } = world
  const [result] = await runChecks([check], {
    access: { ...access, fetch: violations[check.id]?.(access.fetch) ?? access.fetch },
    faults: true,
    concurrency: 1,
    mayGoOn: () => true,
    onResult: () => {},
    now: () => 0,
  })
  expect(result).toMatchObject({ id: check.id, status: 'failed' })
})
