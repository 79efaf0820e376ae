import { describe, expect, test } from 'vitest'

import {
  readFinish,
  strongerFinish,
} from '../../../src/dialects/openai-chat/response/stop-reason.ts'

describe('a finish reason', () => {
  test.each([
    ['stop', 'end_turn'],
    ['eos', 'end_turn'],
    ['end_turn', 'end_turn'],
    ['STOP', 'end_turn'],
    ['something new', 'end_turn'],
    ['other', 'end_turn'],
    ['constructor', 'end_turn'],
    ['tool_calls', 'tool_use'],
    ['tool_call', 'tool_use'],
    ['function_call', 'tool_use'],
    ['length', 'max_tokens'],
    ['max_tokens', 'max_tokens'],
    ['MAX_TOKENS', 'max_tokens'],
    ['model_length', 'model_context_window_exceeded'],
    ['model_context_window_exceeded', 'model_context_window_exceeded'],
    ['content_filter', 'refusal'],
    ['sensitive', 'refusal'],
    ['SAFETY', 'refusal'],
    ['stop_sequence', 'stop_sequence'],
    ['pause_turn', 'pause_turn'],
  ])('the finish reason %j becomes %s', (finish_reason, reason) => {
    expect(readFinish({ finish_reason })).toEqual({ reason })
  })

  test.each([
    ['error', 'failed'],
    ['MALFORMED_FUNCTION_CALL', 'failed'],
    ['OTHER', 'failed'],
    ['abort', 'failed'],
    ['network_error', 'overloaded'],
    ['insufficient_system_resource', 'overloaded'],
  ])('the finish reason %j is a failure of kind %s', (finish_reason, failure) => {
    expect(readFinish({ finish_reason })).toMatchObject({ failure })
  })

  test.each([null, undefined, '', 'null', 7])(
    'the finish reason %j is ignored',
    (finish_reason) => {
      expect(readFinish({ finish_reason })).toBeUndefined()
    },
  )
})

test('the more important of two finish reasons is kept', () => {
  const end = { reason: 'end_turn' } as const
  const tools = { reason: 'tool_use' } as const
  const cut = { reason: 'max_tokens' } as const
  const refused = { reason: 'refusal' } as const
  const failed = { failure: 'failed', word: 'error' } as const
  expect(strongerFinish(undefined, end)).toBe(end)
  expect(strongerFinish(tools, end)).toBe(tools)
  expect(strongerFinish(refused, cut)).toBe(cut)
  expect(strongerFinish(cut, refused)).toBe(cut)
  expect(strongerFinish(cut, failed)).toBe(failed)
})
