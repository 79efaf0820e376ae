/**
 * Grounding with Google Search (https://ai.google.dev/gemini-api/docs/google-search): queries, pages, and
 * which passages of the answer rest on which pages. It comes with the last chunks.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asCount, asObject, asString, isObject } from '../../../anthropic/json.ts'
import { append } from '../../../platform/append.ts'
import type { Support } from '../../shared/answer/late-citations.ts'
import { placeSupports } from '../../shared/answer/late-citations.ts'
import type { PartBuilder } from '../../shared/answer/part-builder.ts'
import type { FoundPage } from '../../web-search.ts'

/** Builds searches and citations from the grounding metadata of one answer. */
export class Grounding {
  readonly #queries = new Set<string>()
  #pages: FoundPage[] = []
  readonly #supports: Support[] = []

  /** Reads the grounding of one chunk: the indices of its supports are of its own pages. */
  read(metadata: JsonObject | undefined): void {
    if (metadata === undefined) {
      return
    }
    for (const query of asArray(metadata['webSearchQueries'])) {
      if (typeof query === 'string') {
        this.#queries.add(query)
      }
    }
    const pages = asArray(metadata['groundingChunks']).map(toPage)
    if (pages.length > 0) {
      this.#pages = pages.filter((page) => page !== undefined)
    }
    append(
      this.#supports,
      asArray(metadata['groundingSupports'])
        .filter(isObject)
        .map((support) => toSupport(support, pages)),
    )
  }

  /** Adds the search to the answer, if there was one. */
  end(parts: PartBuilder): void {
    if (this.#queries.size > 0 || this.#pages.length > 0) {
      parts.searchLate(
        { query: [...this.#queries].join('; '), pages: this.#pages, isNumbered: false },
        (text) => placeSupports(this.#supports, text),
        Math.max(1, this.#queries.size),
      )
    }
  }
}

function toPage(chunk: unknown): FoundPage | undefined {
  const web = asObject(asObject(chunk)?.['web'])
  const url = asString(web?.['uri'])
  return url === undefined
    ? undefined
    : { url, title: asString(web?.['title']), text: undefined, date: undefined }
}

function toSupport(
  { segment, groundingChunkIndices: indices }: JsonObject,
  pages: readonly (FoundPage | undefined)[],
): Support {
  const passage = asObject(segment)
  return {
    passage: asString(passage?.['text']) ?? '',
    endByte: asCount(passage?.['endIndex']) ?? 0,
    pages: asArray(indices).flatMap((index) => pages[asCount(index) ?? -1] ?? []),
  }
}
