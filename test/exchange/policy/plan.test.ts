import { describe, expect, test } from 'vitest'

import type { Failure } from '../../../src/anthropic/error.ts'
import { AttemptPlan } from '../../../src/exchange/policy/plan.ts'
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
  const plan = new AttemptPlan(
    targets.map((text) => {
      const [name = '', window] = text.split('/')[0]?.split(':') ?? []
      return { name, text, limits: window === undefined ? {} : { maxInputTokens: Number(window) } }
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

describe('the plan of attempts', () => {
  test.each<[string, Failure[], string[], string[]]>([
    [
      'of the network, another target is next, not another secret',
      [unreachable],
      ['a/1', 'a/2', 'b/1'],
      ['a/1', 'b/1'],
    ],
    ['of a rate limit, another secret is next', [limited], ['a/1', 'a/2', 'b/1'], ['a/1', 'a/2']],
    [
      'of the credential, another secret is next',
      [error({ upstreamStatus: 401, shouldRetry: false })],
      ['a/1', 'a/2'],
      ['a/1', 'a/2'],
    ],
    [
      'of the request, none is next',
      [error({ type: 'invalid_request_error', status: 400 })],
      ['a/1', 'b/1'],
      ['a/1'],
    ],
    [
      'of its size, none is next',
      [error({ type: 'request_too_large', status: 413 })],
      ['a/1', 'b/1'],
      ['a/1'],
    ],
    [
      'of the context window, the next larger model is next',
      [overflow],
      ['a:8/1', 'b:4/1', 'c/1', 'd:9/1'],
      ['a:8/1', 'd:9/1'],
    ],
    [
      'of the context window, no model of unknown size is next',
      [overflow],
      ['a/1', 'b:9/1'],
      ['a/1'],
    ],
    [
      'of every target, there are three attempts at most',
      [unreachable, unreachable, unreachable, unreachable],
      ['a/1', 'b/1', 'c/1', 'd/1'],
      ['a/1', 'b/1', 'c/1'],
    ],
    [
      'of the network, a sole target is retried once',
      [unreachable, unreachable, unreachable],
      ['a/1'],
      ['a/1', 'a/1'],
    ],
    [
      'that asks for a second, a sole target is retried once',
      [error({ type: 'overloaded_error', retryAfter: 1 })],
      ['a/1'],
      ['a/1', 'a/1'],
    ],
    [
      'that asks for a minute, a sole target is not retried',
      [error({ type: 'overloaded_error', retryAfter: 60 })],
      ['a/1'],
      ['a/1'],
    ],
    [
      'by a timeout, a sole target is not retried',
      [{ kind: 'upstream_timeout', provider, afterMs: 1 }],
      ['a/1'],
      ['a/1'],
    ],
  ])('the plan of attempts continues after a failure %s', (_, failures, targets, tried) => {
    expect(walk(targets, failures)).toEqual(tried)
  })

  test('the plan of attempts waits for as long as the provider asked', () => {
    const plan = new AttemptPlan([{ name: 'a', limits: {} }])
    plan.first()
    expect(plan.after(judge(error({ type: 'overloaded_error', retryAfter: 2 })))?.waitMs).toBe(2000)
  })

  test('the plan of attempts has no attempt at a target that cannot be used', () => {
    const plan = new AttemptPlan(['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, limits: {} })))
    plan.first()
    plan.skip()
    expect(plan.skip()?.target.name).toBe('c')
    plan.after(judge(unreachable))
    expect(plan.after(judge(unreachable))?.target.name).toBe('e')
    expect(plan.after(judge(unreachable))).toBeUndefined()
  })
})
