import { describe, expect, test } from 'vitest'

import { toLogLine } from '../../../src/exchange/record/to-log-line.ts'
import { deliveredOf, recordOf, usage } from './record.ts'

const billed = { usage, cost: 65_000, implausible: undefined }
const http = { method: 'POST', path: '/v1/messages', status: 200, ms: 20 }

describe('the log line of an exchange', () => {
  test('the log line of an exchange counts cached tokens as input and shows the cost in dollars', () => {
    const outcome = {
      state: 'complete',
      delivered: deliveredOf({ usage, characters: 7 }),
      stopReason: 'tool_use',
    } as const
    expect(toLogLine(recordOf({ outcome }), http, billed)).toMatchObject({
      level: 'info',
      status: 200,
      'gen_ai.usage.input_tokens': 15,
      'gen_ai.usage.cache_read.input_tokens': 3,
      'gen_ai.usage.cache_creation.input_tokens': 2,
      'gen_ai.response.finish_reasons': ['tool_use'],
      ending: 'complete',
      costUsd: 0.000065,
    })
  })

  test('the log line of an exchange has no cost if the upstream reported no usage', () => {
    const outcome = {
      state: 'disconnected',
      delivered: deliveredOf({ characters: 7 }),
    } as const
    const line = toLogLine(recordOf({ outcome }), http, billed)
    expect(line).toMatchObject({ status: 499, level: 'info', ending: 'left', toldCharacters: 7 })
    expect(JSON.stringify(line)).not.toContain('costUsd')
  })

  test.each([
    [{ kind: 'upstream_invalid_response', provider: 'p', detail: '' }, 'upstream_nonsense'],
    [{ kind: 'upstream_truncated', provider: 'p' }, 'upstream_cut'],
    [{ kind: 'upstream_unreachable', provider: 'p' }, 'upstream_unreachable'],
  ] as const)('the log line of an exchange has stable field names for %j', (failure, name) => {
    const delivered = deliveredOf()
    const outcome = { state: 'failed', delivered, failure, bug: undefined } as const
    const line = toLogLine(recordOf({ outcome }), { ...http, status: 502 }, undefined)
    expect(line).toMatchObject({ level: 'error', 'error.type': `${name}: api_error` })
  })

  test('the log line of an exchange is an error with a stack trace if the gateway itself failed', () => {
    const bug = new TypeError('x is undefined')
    expect(toLogLine(recordOf({ bug }), http, undefined)).toMatchObject({
      level: 'error',
      bug: expect.stringContaining('TypeError: x is undefined'),
    })
  })
})
