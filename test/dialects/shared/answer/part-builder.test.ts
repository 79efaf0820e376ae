import { describe, expect, test } from 'vitest'

import type { Part } from '../../../../src/anthropic/answer/part.ts'
import type { ReadContext } from '../../../../src/dialects/dialect.ts'
import { PartBuilder } from '../../../../src/dialects/shared/answer/part-builder.ts'

function build(fill: (parts: PartBuilder) => void, context: Partial<ReadContext> = {}): Part[] {
  const parts = new PartBuilder(
    { provider: 'lab', model: 'm', limits: {}, takes: {} },
    { toolNames: new Map(), newToolId: () => 'toolu_0', ...context },
  )
  fill(parts)
  return [...parts.take()]
}

function textOf(parts: readonly Part[]): string[] {
  return parts.map((part) => ('text' in part ? part.text : 'json' in part ? part.json : part.type))
}

describe('a surrogate pair', () => {
  test('a surrogate pair that is split over two deltas is joined', () => {
    const parts = build((builder) => {
      builder.thinking('so \ud83e')
      builder.thinking('\udd14 then')
      builder.text('ok \ud83c')
      builder.text('\udf89!')
    })
    expect(textOf(parts)).toEqual(['so ', '🤔 then', 'ok ', '🎉!'])
  })

  test('a surrogate pair that is split in the arguments of interleaved calls is joined', () => {
    const parts = build((builder) => {
      const first = builder.startCall('f')
      const second = builder.startCall('g')
      builder.input(first, '{"a":"\ud83c')
      builder.input(second, '{"b":"\ud83e')
      builder.input(first, '\udf89"}')
      builder.input(second, '\udd14"}')
    })
    expect(textOf(parts).slice(2)).toEqual(['{"a":"', '{"b":"', '🎉"}', '🤔"}'])
  })

  test('a surrogate pair that stays incomplete is replaced by U+FFFD', () => {
    const parts = build((builder) => {
      builder.text('a\ud83c')
      builder.stop({ reason: 'end_turn' }, undefined)
    })
    expect(textOf(parts)).toEqual(['a', '\ufffd', 'stop'])
  })
})

describe('the name of a called tool', () => {
  const tools = new Set(['Read', 'read_file'])
  const nameOf = (name: string, context: Partial<ReadContext> = { tools }) =>
    build((builder) => builder.startCall(name), context).find((part) => part.type === 'tool-start')
      ?.name

  test.each([
    'Read<|channel|>analysis',
    '<|channel|>Read',
    'functions.Read',
    'functions.Read:0',
    'to=functions.Read<|message|>',
    'default_api.Read',
    ' Read ',
    '"Read"',
  ])('the name of a called tool is Read if a server changed it to %s', (name) => {
    expect(nameOf(name)).toBe('Read')
  })

  test.each(['read_all_of_it', 'Reader', 'functions.Write', 'Write<|channel|>', 'Read file'])(
    'the name of a called tool stays %s if no such tool is offered',
    (name) => {
      expect(nameOf(name)).toBe(name)
    },
  )

  test('the name of a called tool is the client’s if it was shortened for the upstream', () => {
    expect(nameOf('functions.short', { toolNames: new Map([['short', 'mcp__long']]) })).toBe(
      'mcp__long',
    )
  })
})

describe('requested JSON in a Markdown fence', () => {
  const read = (deltas: string[], expectsJson = true) =>
    textOf(
      build(
        (builder) => {
          deltas.forEach((delta) => builder.text(delta))
          builder.stop({ reason: 'end_turn' }, undefined)
        },
        { expectsJson },
      ),
    )
      .slice(0, -1)
      .join('')

  test.each([
    [['```json\n{"a":1}\n```\n']],
    ['```json\n{"a":1}\n```'.split('')],
    [['\n```\n', '{"a":1}']],
  ])('requested JSON in a Markdown fence is stripped of it: %j', (deltas) => {
    expect(read(deltas)).toBe('{"a":1}')
  })

  test('requested JSON in a Markdown fence keeps backticks inside the JSON', () => {
    expect(read(['```json\n{"a":"```', '\\n"}\n', '```'])).toBe('{"a":"```\\n"}')
  })

  test('requested JSON in a Markdown fence keeps it if the client did not ask for JSON', () => {
    expect(read(['```json\n{}\n```'], false)).toBe('```json\n{}\n```')
  })
})
