import { describe, expect, test } from 'vitest'

import type { Failure } from '../../../src/anthropic/error.ts'
import { createPlan } from '../../../src/exchange/policy/plan.ts'
import { judge } from '../../../src/exchange/policy/verdict.ts'

const provider = 'p'
const unreachable: Failure = { kind: 'upstream_unreachable', provider }
type UpstreamError = Extract<Failure, { kind: 'upstream_error' }>

const error = (fields: Partial<UpstreamError>): Failure => ({
  kind: 'upstream_error',
  provider,
  status: 500,
  type: 'api_error',
  message: '',
  ...fields,
})
const limited = error({ type: 'rate_limit_error', status: 429 })
const overflow = error({
  type: 'invalid_request_error',
  status: 400,
  message: 'prompt is too long: 9 tokens > 8 maximum',
})

/** The targets that are tried when each attempt fails so, as `name/secret`. */
function walk(targets: readonly string[], failures: readonly Failure[]): string[] {
  const plan = createPlan(
    targets.map((text) => {
      const [name = '', window] = text.split('/')[0]?.split(':') ?? []
      return { name, text, maxInputTokens: window === undefined ? undefined : Number(window) }
    }),
  )
  const tried: string[] = []
  let step = plan.first()
  for (const failure of failures) {
    if (step === undefined) {
      break
    }
    tried.push(step.target.text)
    step = plan.after(judge(failure))
  }
  return step === undefined ? tried : [...tried, step.target.text]
}

describe('after a failure', () => {
  test.each<[string, Failure[], string[], string[]]>([
    [
      'of the network: another target, not another secret',
      [unreachable],
      ['a/1', 'a/2', 'b/1'],
      ['a/1', 'b/1'],
    ],
    ['of a limit: another secret first', [limited], ['a/1', 'a/2', 'b/1'], ['a/1', 'a/2']],
    [
      'of the credential: another secret',
      [error({ upstreamStatus: 401, shouldRetry: false })],
      ['a/1', 'a/2'],
      ['a/1', 'a/2'],
    ],
    [
      'of the request: none',
      [error({ type: 'invalid_request_error', status: 400 })],
      ['a/1', 'b/1'],
      ['a/1'],
    ],
    [
      'of its size: none',
      [error({ type: 'request_too_large', status: 413 })],
      ['a/1', 'b/1'],
      ['a/1'],
    ],
    [
      'of the window: the next larger one',
      [overflow],
      ['a:8/1', 'b:4/1', 'c/1', 'd:9/1'],
      ['a:8/1', 'd:9/1'],
    ],
    ['of the window: none that may be as small', [overflow], ['a/1', 'b:9/1'], ['a/1']],
    [
      'of all: three attempts at most',
      [unreachable, unreachable, unreachable, unreachable],
      ['a/1', 'b/1', 'c/1', 'd/1'],
      ['a/1', 'b/1', 'c/1'],
    ],
    [
      'of the network, with one target: once more',
      [unreachable, unreachable, unreachable],
      ['a/1'],
      ['a/1', 'a/1'],
    ],
    [
      'that asks for a second, with one target: once more',
      [error({ type: 'overloaded_error', retryAfter: 1 })],
      ['a/1'],
      ['a/1', 'a/1'],
    ],
    [
      'that asks for a minute, with one target: never',
      [error({ type: 'overloaded_error', retryAfter: 60 })],
      ['a/1'],
      ['a/1'],
    ],
    [
      'of time, with one target: never',
      [{ kind: 'upstream_timeout', provider, afterMs: 1 }],
      ['a/1'],
      ['a/1'],
    ],
  ])('%s', (_, failures, targets, tried) => {
    expect(walk(targets, failures)).toEqual(tried)
  })

  test('a wait is what the provider asked for', () => {
    const plan = createPlan([{ name: 'a' }])
    plan.first()
    expect(plan.after(judge(error({ type: 'overloaded_error', retryAfter: 2 })))?.waitMs).toBe(2000)
  })

  test('a target that cannot be asked costs no attempt', () => {
    const plan = createPlan(['a', 'b', 'c', 'd', 'e'].map((name) => ({ name })))
    plan.first()
    plan.pass()
    expect(plan.pass()?.target.name).toBe('c')
    plan.after(judge(unreachable))
    expect(plan.after(judge(unreachable))?.target.name).toBe('e')
    expect(plan.after(judge(unreachable))).toBeUndefined()
  })
})
