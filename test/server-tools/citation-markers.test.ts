import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Part } from '../../src/anthropic/answer/part.ts'
import { CitationMarkers } from '../../src/server-tools/loop/citation-markers.ts'

const results = [
  { text: 'Rome is old. Rome is the capital of Italy.', title: 'Rome' },
  { text: '意大利的首都是罗马。巴黎是法国的首都。', title: 'Cities' },
  { text: undefined, title: 'Sealed by another server' },
].map((result, index) => ({
  ...result,
  number: index + 1,
  url: `https://${index + 1}.example/`,
  date: undefined,
  documentIndex: undefined,
}))

/** Blocks of text, each with the numbers and passages that it cites. */
function toBlocks(parts: readonly Part[]): [text: string, ...cited: string[]][] {
  const blocks: [string, ...string[]][] = [['']]
  for (const part of parts) {
    const last = blocks.at(-1) ?? ['']
    if (part.type === 'text-delta') {
      last[0] += part.text
    } else if (part.type === 'text-end') {
      blocks.push([''])
    } else if (part.type === 'citation' && 'encrypted_index' in part.citation) {
      last.push(`${part.citation.encrypted_index} ${part.citation.cited_text}`)
    }
  }
  return blocks.filter(([text, ...cited]) => text !== '' || cited.length > 0)
}

function cite(...pieces: string[]): [text: string, ...cited: string[]][] {
  const markers = new CitationMarkers(results)
  return toBlocks([...pieces.flatMap((piece) => markers.write(piece)), ...markers.end()])
}

describe('a marker', () => {
  test('a citation marker becomes a citation of the passage that shares most words', () => {
    expect(cite('The capital of Italy is Rome [1]. It is nice.')).toEqual([
      ['The capital of Italy is Rome.', 'gw1.1.1 Rome is the capital of Italy.'],
      [' It is nice.'],
    ])
  })

  test('a citation marker may name several results, or be next to others', () => {
    const cited = ['gw1.1.0 Rome is old.', 'gw1.3.0 Sealed by another server']
    expect(cite('Old.[1, 3]')).toEqual([['Old.', ...cited]])
    expect(cite('Old.[1][3] New.')).toEqual([['Old.', ...cited], [' New.']])
    expect(cite('Old [1] [3].')).toEqual([['Old.', ...cited]])
  })

  test('a citation marker finds passages in scripts without spaces', () => {
    expect(cite('罗马是意大利的首都[2]。')).toEqual([
      ['罗马是意大利的首都。', 'gw1.2.0 意大利的首都是罗马。巴黎是法国的首都。'],
    ])
  })

  test.each(['a[0]', 'array[12]', '[9]', '[1', '[1,]', '[x]', '[1234567]', '[[', ' [', '😀[4]'])(
    'text without a citation marker stays as it is: %j',
    (text) => expect(cite(text)).toEqual([[text]]),
  )

  test('a citation marker does not cite a result twice in one block', () => {
    expect(cite('Rome [1] is old [1].')).toHaveLength(2)
    expect(cite('Old.[1][1]')).toEqual([['Old.', 'gw1.1.0 Rome is old.']])
  })
})

describe('a paragraph', () => {
  test('a paragraph with citations is a block of its own', () => {
    expect(cite('One.\n\nTwo.[1]\n\nThree.')).toEqual([
      ['One.\n\n'],
      ['Two.', 'gw1.1.0 Rome is old.'],
      ['\n\n'],
      ['Three.'],
    ])
  })

  test('a paragraph of code is not split', () => {
    const code = '```js\na()\n\nb()\n```\n\n'
    expect(cite(code, 'End.')).toEqual([[code], ['End.']])
    expect(cite(...code.split(''), 'End.')).toEqual([[code], ['End.']])
  })
})

test('an answer is the same however its text is cut, and no more than six characters wait', () => {
  const piece = fc.constantFrom('a', ' ', '[', ']', '1', '3', ',', '\n', '.', '[1]', ' [2]', '😀')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(3), (pieces, size) => {
      const text = pieces.join('')
      const cut = text.match(new RegExp(`.{1,${size + 1}}`, 'gs')) ?? []
      expect(cite(...cut)).toEqual(cite(text))
      const markers = new CitationMarkers([])
      let written = 0
      let sent = 0
      for (const each of cut) {
        written += each.length
        for (const part of markers.write(each)) {
          sent += part.type === 'text-delta' ? part.text.length : 0
        }
        expect(written - sent).toBeLessThanOrEqual(6)
      }
    }),
  )
})
