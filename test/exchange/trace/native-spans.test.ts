import { describe, expect, test } from 'vitest'

import { NativeSpans } from '../../../src/exchange/trace/native-spans.ts'
import { createTracing } from '../../support/tracing.ts'
import { deliveredOf, recordOf, usage } from '../record/record.ts'

const http = { method: 'POST', path: '/v1/messages', status: 200, ms: 40 }
const billed = { usage, cost: 5_000, implausible: undefined }

describe('the platform’s spans', () => {
  test('the platform’s spans of a fallback are one for the call, one for each attempt and one for each tool, each ended once', () => {
    const { tracing, spans } = createTracing()
    const native = new NativeSpans(tracing, tracing.startSpan('chat'))
    native.attemptStarted('p/x')
    native.attemptEnded('overloaded_error')
    native.attemptStarted('q/y')
    native.attemptEnded(undefined)
    native.attemptEnded(undefined)
    native.toolStarted('web_search', 'srvtoolu_1')(undefined)
    const outcome = {
      state: 'complete',
      delivered: deliveredOf({ usage }),
      stopReason: 'end_turn',
    } as const
    native.finished({ record: recordOf({ outcome }), http, billed }, ['gen_ai'])
    expect(spans.map(({ name, parent, error, ended }) => [name, parent, error, ended])).toEqual([
      ['chat m', undefined, undefined, 1],
      ['attempt p/x', 'chat', 'overloaded_error', 1],
      ['attempt q/y', 'chat', undefined, 1],
      ['execute_tool web_search', 'chat', undefined, 1],
    ])
    expect(spans[0]?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.response.finish_reasons': 'end_turn',
      'gen_ai.usage.input_tokens': 15,
      'gateway.cost_usd': 5e-6,
    })
  })

  test('the platform’s spans of an attempt that is open when the client disconnects are ended with that', () => {
    const { tracing, spans } = createTracing()
    const native = new NativeSpans(tracing, tracing.startSpan('chat'))
    native.attemptStarted('p/x')
    const outcome = { state: 'disconnected', delivered: deliveredOf() } as const
    native.finished({ record: recordOf({ outcome }), http, billed }, ['gen_ai'])
    expect(spans.map(({ error, ended }) => [error, ended])).toEqual([
      ['client_disconnected', 1],
      ['client_disconnected', 1],
    ])
  })
})
