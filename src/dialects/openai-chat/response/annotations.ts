/**
 * The pages that an answer cites, where a provider searched the web
 * (https://openrouter.ai/docs/guides/features/server-tools/web-search). What it searched for is not reported.
 */
import { asArray, isObject } from '../../../anthropic/json.ts'
import type { PlacedCitation } from '../../shared/answer/late-citations.ts'
import { placeAnnotations } from '../../shared/answer/late-citations.ts'
import type { PartBuilder } from '../../shared/answer/part-builder.ts'
import { readUrlCitation } from '../../shared/answer/url-citation.ts'

/** Builds searches and citations from the `annotations` of one answer. */
export class Annotations {
  readonly #citations: PlacedCitation[] = []

  /** Reads the annotations of one delta or message. */
  read(annotations: unknown): void {
    for (const annotation of asArray(annotations)) {
      const citation = isObject(annotation) ? readUrlCitation(annotation) : undefined
      if (citation !== undefined) {
        this.#citations.push(citation)
      }
    }
  }

  /** Adds the search to the answer, if there was one. `count`: searches that the provider reports. */
  end(parts: PartBuilder, count: number | undefined): void {
    if (this.#citations.length > 0 || (count ?? 0) > 0) {
      const pages = this.#citations.map(({ page }) => page)
      parts.searchLate(
        { query: '', pages, isNumbered: false },
        (text) => placeAnnotations(this.#citations, text),
        count ?? 1,
      )
    }
  }
}
