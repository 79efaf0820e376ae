import { describe, expect, test } from 'vitest'

import type { ReportedUsage } from '../../../src/anthropic/answer/part.ts'
import { findUsage, toTokenUsage } from '../../../src/dialects/openai-chat/response/usage.ts'
import { target } from '../../support/readers/read-chat.ts'

const { quirks } = target()
const excluding = { ...quirks, output_excludes_reasoning: true }

function usage(fields: Partial<ReportedUsage>): ReportedUsage {
  return { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, thinking: 0, ...fields }
}

const base = { prompt_tokens: 100, completion_tokens: 20 }

describe('prompt tokens of a chat completion', () => {
  test.each<[string, object, Partial<ReportedUsage>]>([
    ['is the prompt', base, { input: 100 }],
    [
      'leaves out what was cached',
      { ...base, prompt_tokens_details: { cached_tokens: 60 } },
      { input: 40, cacheRead: 60 },
    ],
    [
      'leaves out what was written to a cache',
      { ...base, prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 } },
      { input: 10, cacheRead: 60, cacheWrite: 30 },
    ],
    [
      'counts hits and misses as one prompt',
      { ...base, prompt_cache_hit_tokens: 60, prompt_cache_miss_tokens: 40 },
      { input: 40, cacheRead: 60 },
    ],
    [
      'takes cached tokens beside the prompt',
      { ...base, cached_tokens: 60 },
      { input: 40, cacheRead: 60 },
    ],
    [
      'takes them by another name',
      { ...base, num_cached_tokens: 60 },
      { input: 40, cacheRead: 60 },
    ],
    [
      "takes Anthropic's names beside OpenAI's",
      { ...base, cache_read_input_tokens: 60, cache_creation_input_tokens: 30 },
      { input: 10, cacheRead: 60, cacheWrite: 30 },
    ],
    [
      'takes the larger of two spellings',
      { ...base, prompt_tokens_details: { cached_tokens: 0 }, cached_tokens: 60 },
      { input: 40, cacheRead: 60 },
    ],
    [
      'takes cache writes among the details',
      { ...base, prompt_tokens_details: { cached_tokens: 0, cache_creation_input_tokens: 30 } },
      { input: 70, cacheWrite: 30 },
    ],
    [
      'leaves out what was cached where more was cached than the prompt has',
      { ...base, prompt_tokens_details: { cached_tokens: 160 } },
      { input: 100, cacheRead: 160 },
    ],
    [
      'counts once what is reported as read and as written',
      { ...base, prompt_tokens_details: { cached_tokens: 90, cache_write_tokens: 90 } },
      { input: 10, cacheRead: 90 },
    ],
    [
      'ignores counts that are none',
      {
        ...base,
        prompt_tokens_details: { cached_tokens: -1 },
        cached_tokens: 0.5,
        num_cached_tokens: true,
      },
      { input: 100 },
    ],
  ])('prompt tokens of a chat completion are read: %s', (_, fields, expected) => {
    expect(toTokenUsage({ ...fields }, quirks)).toEqual(usage({ output: 20, ...expected }))
  })

  test('prompt tokens of a chat completion exclude cached tokens if the server counts as Anthropic does', () => {
    const own = { input_tokens: 10, output_tokens: 20, cache_read_input_tokens: 90 }
    expect(toTokenUsage(own, quirks)).toEqual(usage({ input: 10, output: 20, cacheRead: 90 }))
    const theirs = {
      input_tokens: 100,
      output_tokens: 20,
      input_tokens_details: { cached_tokens: 90 },
    }
    expect(toTokenUsage(theirs, quirks)).toEqual(usage({ input: 10, output: 20, cacheRead: 90 }))
  })

  test('prompt tokens of a chat completion are unknown if the server does not report them, and kept if they are a number that no count can be', () => {
    const input = (fields: object) => toTokenUsage({ completion_tokens: 20, ...fields }, quirks)
    expect(input({})).toEqual({ ...usage({ output: 20 }), input: undefined })
    expect(input({ prompt_tokens: -1 })).toEqual(usage({ output: 20, input: -1 }))
    expect(input({ prompt_tokens: '7' })).toEqual({ ...usage({ output: 20 }), input: undefined })
  })
})

describe('completion tokens of a chat completion', () => {
  const details = { completion_tokens_details: { reasoning_tokens: 15 } }

  test.each<[string, object, typeof quirks, Partial<ReportedUsage>]>([
    ['includes reasoning', { ...base, ...details }, quirks, { output: 20, thinking: 15 }],
    [
      'gains the reasoning that a provider leaves out',
      { ...base, ...details },
      excluding,
      { output: 35, thinking: 15 },
    ],
    [
      'is what the total has beyond the prompt, where reasoning is left out',
      { ...base, ...details, total_tokens: 135 },
      excluding,
      { output: 35, thinking: 15 },
    ],
    [
      'shows by the total that reasoning is left out',
      { ...base, ...details, total_tokens: 135 },
      quirks,
      { output: 35, thinking: 15 },
    ],
    [
      'is not counted twice where the total shows that nothing is left out',
      { ...base, ...details, total_tokens: 120 },
      excluding,
      { output: 20, thinking: 15 },
    ],
    [
      'has the reasoning that only the total knows of',
      { ...base, total_tokens: 150 },
      excluding,
      { output: 50, thinking: 30 },
    ],
    [
      'is the completion whatever else the total counts',
      { ...base, total_tokens: 150 },
      quirks,
      { output: 20 },
    ],
    [
      'takes reasoning beside the completion',
      { ...base, reasoning_tokens: 15 },
      quirks,
      { output: 20, thinking: 15 },
    ],
    [
      'is what the total leaves, where it is not reported',
      { prompt_tokens: 100, total_tokens: 130 },
      quirks,
      { output: 30 },
    ],
    [
      'may be unknown',
      { prompt_tokens: 100, completion_tokens: null },
      quirks,
      { output: undefined },
    ],
    [
      'may be a number that no count can be',
      { prompt_tokens: 100, completion_tokens: -3, total_tokens: 97 },
      quirks,
      { output: -3 },
    ],
  ])('completion tokens of a chat completion are read: %s', (_, fields, flags, expected) => {
    expect(toTokenUsage({ ...fields }, flags)).toEqual(usage({ input: 100, ...expected }))
  })
})

describe('usage of a chat completion', () => {
  test.each([
    ['in the chunk', { usage: base }],
    ['in x_groq', { x_groq: { id: 'r', usage: base } }],
    ['in the first choice', { choices: [{ usage: base }] }],
    ['beside choices', { choices: [{ delta: {} }], usage: base }],
  ])('usage of a chat completion is read %s', (_, chunk) => {
    expect(findUsage(chunk)).toEqual(base)
  })

  test.each([
    {},
    { usage: null },
    { usage: {} },
    { usage: { prompt_tokens: 0, completion_tokens: 0 } },
    { usage: { prompt_tokens: null } },
    { x_groq: { id: 'r' } },
    { choices: [null] },
  ])('usage of a chat completion is not read from %j', (chunk) => {
    expect(findUsage(chunk)).toBeUndefined()
  })
})
