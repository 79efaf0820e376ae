import { describe, expect, test } from 'vitest'

import { createReport } from '../../../../src/anthropic/report.ts'
import { messagesRequest, parseRequest } from '../../../../src/anthropic/request/request.ts'
import { toTurns } from '../../../../src/dialects/shared/conversation/turns.ts'
import type { Turn } from '../../../../src/dialects/shared/conversation/turns.ts'

const call = (id: string) => ({ type: 'tool_use', id, name: 'Bash', input: {} })
const result = (id: string, content?: unknown) => ({
  type: 'tool_result',
  tool_use_id: id,
  ...(content === undefined ? {} : { content }),
})
const user = (...content: unknown[]) => ({ role: 'user', content })
const assistant = (...content: unknown[]) => ({ role: 'assistant', content })
const system = (content: string) => ({ role: 'system', content })
const text = (words: string) => ({ type: 'text', text: words })

/** Turns, a line each: `user: Hi`, `assistant: (t1)`, `results: t1=one`. */
function linesOf(messages: object[]): string[] {
  const request = parseRequest(messagesRequest, { model: 'm', max_tokens: 1, messages })
  const context = {
    report: createReport(),
    upstream: 'lab/m',
    toolName: (name: string) => name.toLowerCase(),
  }
  return toTurns(request.messages, context).map(toLine)
}

function toLine(turn: Turn): string {
  switch (turn.role) {
    case 'system':
      return `system: ${turn.text}`
    case 'results':
      return `results: ${turn.results
        .map(({ callId, content }) => `${callId}=${content.map(toWord).join('+')}`)
        .join(' ')}`
    case 'user':
    case 'assistant':
      return `${turn.role}: ${turn.content.map(toWord).join(' ')}`
  }
}

function toWord(piece: { type: string; text?: string; id?: string }): string {
  return piece.type === 'call' ? `(${piece.id})` : (piece.text ?? piece.type)
}

describe('turns', () => {
  test.each<[string, object[], string[]]>([
    [
      'of one role in a row are one',
      [user(text('a')), { role: 'user', content: 'b' }],
      ['user: a b'],
    ],
    [
      'of an assistant in a row are one, and share the results',
      [
        user(text('a')),
        assistant(call('t1')),
        assistant(call('t2')),
        user(result('t2', '2'), result('t1', '1')),
      ],
      ['user: a', 'assistant: (t1) (t2)', 'results: t1=1 t2=2'],
    ],
    [
      'take results from all messages up to the next answer',
      [
        user(text('a')),
        assistant(call('t1'), call('t2')),
        user(result('t1', '1')),
        system('s'),
        user(text('b'), result('t2', '2')),
      ],
      ['user: a', 'assistant: (t1) (t2)', 'results: t1=1 t2=2', 'system: s', 'user: b'],
    ],
    [
      'have a result for every call',
      [user(text('a')), assistant(call('t1')), assistant(text('b'))],
      ['user: a', 'assistant: (t1) b', 'results: t1=[no result: tool call was interrupted]'],
    ],
    [
      'keep a result that comes too late as text',
      [
        user(text('a')),
        assistant(call('t1')),
        user(text('b')),
        assistant(text('c')),
        user(result('t1', '1')),
      ],
      [
        'user: a',
        'assistant: (t1)',
        'results: t1=[no result: tool call was interrupted]',
        'user: b',
        'assistant: c',
        'user: Tool result: 1',
      ],
    ],
    [
      'lose an empty result without a call, and the answers around it meet',
      [
        user(text('a')),
        assistant(text('b')),
        user(result('t9')),
        assistant(text('c')),
        user(text('d')),
      ],
      ['user: a', 'assistant: b c', 'user: d'],
    ],
    [
      'that say nothing are gone, but for the user',
      [user(text(' ')), assistant(text('')), assistant(), user(text('a'))],
      ['user: (no content) a'],
    ],
    [
      'begin with something from the user',
      [assistant(text('a'))],
      ['assistant: a', 'user: (no content)'],
    ],
    ['are never none at all', [user(result('t9'))], ['user: (no content)']],
    [
      'without the attribution header of a system message',
      [
        user(text('a')),
        system('x-anthropic-billing-header: cch=1;'),
        system('x-anthropic-billing-header: cch=1; b'),
      ],
      ['user: a', 'system: b'],
    ],
    [
      'end at the results of tools that ran within the answer',
      [
        user(text('a')),
        assistant(
          text('b'),
          { type: 'server_tool_use', id: 's1', name: 'web_search', input: {} },
          {
            type: 'web_search_tool_result',
            tool_use_id: 's1',
            content: [{ type: 'text', text: 'found' }],
          },
          text('c'),
          call('t1'),
        ),
        user(result('t1', '1')),
      ],
      ['user: a', 'assistant: b (s1)', 'results: s1=found', 'assistant: c (t1)', 'results: t1=1'],
    ],
  ])(
    'the turns of a conversation are in the form that every upstream accepts: %s',
    (_, messages, lines) => {
      expect(linesOf(messages)).toEqual(lines)
    },
  )
})
