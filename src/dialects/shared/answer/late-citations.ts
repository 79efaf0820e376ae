/** Places in a text at which a provider cites pages. */
import type { FoundPage } from '../../web-search.ts'

/** A cited page, and the end of the cited text as an index of UTF-16 units. */
export interface PlacedCitation {
  page: FoundPage
  /** The index in the text at which what it supports ends, in UTF-16 code units. */
  end: number
}

/** Citations that are compared with a text, which costs its length for each. */
const maxCompared = 500

/**
 * The citations that have a place, in its order. `end`: as the provider counts, 0 if it does not; then
 * the numbers of pages, from 1, that the text has in brackets are the places.
 */
export function placeAnnotations(
  annotations: readonly PlacedCitation[],
  text: string,
): PlacedCitation[] {
  const placed = annotations.filter(({ end }) => end > 0 && end <= text.length)
  return placed.length > 0 ? inOrder(placed) : findNumbers(annotations, text)
}

function findNumbers(annotations: readonly PlacedCitation[], text: string): PlacedCitation[] {
  return [...text.matchAll(/\[\d{1,3}\](?:\[\d{1,3}\]){0,20}/g)].flatMap(({ index, 0: markers }) =>
    (markers.match(/\d+/g) ?? []).flatMap((number) => {
      const page = annotations[Number(number) - 1]?.page
      return page === undefined ? [] : [{ page, end: index + markers.length }]
    }),
  )
}

/** A passage of an answer, with the pages that it cites. */
export interface Support {
  passage: string
  /** The end of the cited text, in bytes of UTF-8; often counted from elsewhere than the text's beginning. */
  endByte: number
  pages: readonly FoundPage[]
}

/** The citations of passages that the text really has. */
export function placeSupports(supports: readonly Support[], text: string): PlacedCitation[] {
  const compared = supports.slice(0, maxCompared)
  const ends = toIndices(
    text,
    compared.map(({ endByte }) => endByte),
  )
  return inOrder(
    compared.flatMap(({ passage, endByte, pages }) => {
      const counted = ends.get(endByte) ?? -1
      const isThere = text.slice(Math.max(0, counted - passage.length), counted) === passage
      const found = isThere ? counted - passage.length : text.indexOf(passage)
      return found < 0 || passage === ''
        ? []
        : pages.map((page) => ({ page, end: found + passage.length }))
    }),
  )
}

function inOrder(citations: readonly PlacedCitation[]): PlacedCitation[] {
  return citations.toSorted((a, b) => a.end - b.end)
}

/** Indices by offsets in bytes of UTF-8. */
function toIndices(text: string, offsets: readonly number[]): Map<number, number> {
  const wanted = new Set(offsets)
  const indices = new Map<number, number>()
  let bytes = 0
  let index = 0
  for (const character of text) {
    bytes += toBytes(character.codePointAt(0) ?? 0)
    index += character.length
    if (wanted.has(bytes)) {
      indices.set(bytes, index)
    }
  }
  return indices
}

function toBytes(codePoint: number): number {
  if (codePoint < 0x80) {
    return 1
  }
  if (codePoint < 0x800) {
    return 2
  }
  return codePoint < 0x10000 ? 3 : 4
}
