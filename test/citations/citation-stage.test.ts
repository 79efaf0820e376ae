import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Part } from '../../src/anthropic/answer/part.ts'
import { CitationStage } from '../../src/citations/citation-stage.ts'
import { toDocumentSource } from '../../src/citations/sources.ts'

const document = toDocumentSource(
  { type: 'document', source: { type: 'text', data: 'The grass is green. The sky is blue.' } },
  0,
  new Map(),
)
const sources = new Map(document === undefined ? [] : [[document.name, document]])

/** The blocks that a text becomes when it comes in these pieces: `text` or `text⟨cited⟩`. */
function blocksOf(...pieces: string[]): string[] {
  const stage = new CitationStage(sources)
  const parts = [
    ...pieces.flatMap((text) => stage.write([{ type: 'text-delta', text }])),
    ...stage.write([{ type: 'stop', reason: 'end_turn' }]),
  ]
  const blocks: { text: string; cited: string[] }[] = []
  let isOpen = false
  for (const part of parts) {
    if (part.type === 'text-end') {
      isOpen = false
    } else if (part.type === 'citation' || part.type === 'text-delta') {
      if (!isOpen) {
        blocks.push({ text: '', cited: [] })
        isOpen = true
      }
      add(blocks.at(-1), part)
    }
  }
  return blocks.map(({ text, cited }) =>
    cited.length === 0 ? text : `${text}⟨${cited.join('|')}⟩`,
  )
}

function add(block: { text: string; cited: string[] } | undefined, part: Part): void {
  if (part.type === 'citation') {
    block?.cited.push(part.citation.cited_text)
  } else if (part.type === 'text-delta' && block !== undefined) {
    block.text += part.text
  }
}

const green = 'The grass is green. '
const blue = 'The sky is blue.'

describe('a cited text', () => {
  test.each([
    ['Hello.', ['Hello.']],
    [
      'So: <cite index="d0-0">grass is green</cite> and <cite index="d0-1">sky is blue</cite>.',
      ['So: ', `grass is green⟨${green}⟩`, ' and ', `sky is blue⟨${blue}⟩`, '.'],
    ],
    ['<cite index="d0-0,d0-1">Both.</cite>', [`Both.⟨${green}|${blue}⟩`]],
    ['<cite index="d0-0:1">Both.</cite>', [`Both.⟨${green}${blue}⟩`]],
    ["<cite index='[d0-1]'>Blue.</cite>", [`Blue.⟨${blue}⟩`]],
    ['Blue.<cite index="d0-1"></cite> More.', [`Blue.⟨${blue}⟩`, ' More.']],
    ['Blue.<cite index="d0-1"/> More.', [`Blue.⟨${blue}⟩`, ' More.']],
    ['<cite index="d0-1">Blue.\n\nNot blue.</cite> End', [`Blue.\n⟨${blue}⟩`, '\nNot blue. End']],
    [
      '<cite index="d0-0">Green <cite index="d0-1">blue</cite> green.</cite> x',
      [`Green ⟨${green}⟩`, `blue⟨${blue}⟩`, ` green.⟨${green}⟩`, ' x'],
    ],
  ])('a cited text is divided as its claims are: %j', (text, blocks) => {
    expect(blocksOf(text)).toStrictEqual(blocks)
    expect(blocksOf(...Array.from(text))).toStrictEqual(blocks)
  })

  test.each([
    ['a passage that does not exist', 'A <cite index="d0-2">claim</cite>.', 'A claim.'],
    ['a document that does not exist', 'A <cite index="d7-0">claim</cite>.', 'A claim.'],
    ['a range that runs backward', 'A <cite index="d0-1:0">claim</cite>.', 'A claim.'],
    ['a range past the end', 'A <cite index="d0-0:9">claim</cite>.', 'A claim.'],
    ['nothing', 'A <cite index="">claim</cite>.', 'A claim.'],
    ['words', 'A <cite index="the sky">claim</cite>.', 'A claim.'],
  ])('a cited text that names %s keeps its words and cites nothing', (_, text, left) => {
    expect(blocksOf(text)).toStrictEqual([left])
  })

  test.each([
    'a < b and c </ d',
    'HTML: <cite>Title</cite>, <cite class="x">Title</cite>',
    'x <',
    '<citation index="d0-0">',
  ])('a cited text leaves other tags as they are: %j', (text) => {
    expect(blocksOf(...Array.from(text))).toStrictEqual([text])
  })

  test('a cited text loses only a tag that was truncated', () => {
    expect(blocksOf('Blue. <cite index="d0')).toStrictEqual(['Blue. '])
    expect(blocksOf('<cite index="d0-1">Blue</ci')).toStrictEqual([`Blue⟨${blue}⟩`])
  })

  test('a cited text is the same in whatever pieces it comes, and its citations are of the document', () => {
    const piece = fc.constantFrom(
      '<cite index="d0-0">',
      '<cite index="d0-1,d0-9">',
      '<cite index="s0-0"/>',
      '</cite>',
      '<',
      'word ',
      '\n',
      '"d0-0">',
      '<cite ',
      '😀',
    )
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat(9)), (pieces, cuts) => {
        const text = pieces.join('')
        const blocks = blocksOf(text)
        expect(blocksOf(...cutAt(text, cuts))).toStrictEqual(blocks)
        const cited = blocks.flatMap((block) => /⟨(.*)⟩$/s.exec(block)?.[1]?.split('|') ?? [])
        expect(cited.every((one) => [green, blue].includes(one))).toBe(true)
      }),
    )
  })
})

function cutAt(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = []
  let rest = text
  for (const length of lengths) {
    pieces.push(rest.slice(0, length))
    rest = rest.slice(length)
  }
  return [...pieces, rest]
}
