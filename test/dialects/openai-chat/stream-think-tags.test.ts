import { describe, expect, test } from 'vitest'

import { textPart, thinkingPart, toolDelta, toolStart } from '../../support/parts.ts'
import {
  call,
  calls,
  delta,
  finish,
  merge,
  readStream,
  stop,
} from '../../support/readers/read-chat.ts'

describe('think tags in a chat stream', () => {
  const tagged = (pieces: readonly string[], quirk = true) =>
    merge(
      readStream([...pieces.map((content) => delta({ content })), finish('stop')], {
        quirks: { think_tags: quirk },
      }),
    )
  const thought = { signature: 'think_tags' }

  test.each<[string, string[], object[]]>([
    ['in one piece', ['<think>\nHm</think>\n\nHi'], [thinkingPart('Hm'), thought, textPart('Hi')]],
    [
      'cut in the tags',
      ['<thi', 'nk>Hm</th', 'ink>', '\n\nHi'],
      [thinkingPart('Hm'), thought, textPart('Hi')],
    ],
    [
      'with line feeds',
      ['<think>', '\n', '\n', 'H', 'm\n', '\n</thi', 'nk>\n\n', 'Hi'],
      [thinkingPart('\nHm\n'), thought, textPart('Hi')],
    ],
    ['with nothing between', ['<think>\n', '\n</think>', '\n\nHi'], [textPart('Hi')]],
    ['with an empty line', ['<think>\n</think>Hi'], [textPart('Hi')]],
    ['after space', ['\n', ' <think>Hm</think>Hi'], [thinkingPart('Hm'), thought, textPart('Hi')]],
    [
      'twice',
      ['<think>a</think>', '<think>b</think>c'],
      [thinkingPart('ab'), thought, textPart('c')],
    ],
    ['of other kinds', ['◁think▷a◁/think▷b'], [thinkingPart('a'), thought, textPart('b')]],
    ['never closed', ['<think>a <', 'b'], [thinkingPart('a <b'), thought]],
    ['closed and never opened', ['Hm</think>Hi'], [thinkingPart('Hm'), thought, textPart('Hi')]],
    ['closed late and never opened', ['a ', 'b</think>c'], [textPart('a bc')]],
    ['closed twice', ['<think>a</think></think>b'], [thinkingPart('a'), thought, textPart('b')]],
    ['in the middle of an answer', ['Use <think>', ' tags'], [textPart('Use <think> tags')]],
    ['that are none', ['<thin', 'g>'], [textPart('<thing>')]],
  ])('think tags in a chat stream are read %s', (_, pieces, parts) => {
    expect(tagged(pieces)).toEqual([...parts, stop('end_turn')])
  })

  test('think tags in a chat stream are text without the quirk think_tags', () => {
    expect(tagged(['<think>a</think>b'], false)).toEqual([
      textPart('<think>a</think>b'),
      stop('end_turn'),
    ])
  })

  test('think tags in a chat stream are closed by a tool call', () => {
    expect(
      readStream(
        [
          delta({ content: '<think>Hm' }),
          calls(call({ index: 0, id: 'a', name: 'f', arguments: '{}' })),
          finish('stop'),
        ],
        { quirks: { think_tags: true } },
      ),
    ).toEqual([
      thinkingPart('Hm'),
      thought,
      toolStart(0, 'f'),
      toolDelta(0, '{}'),
      stop('end_turn'),
    ])
  })
})
