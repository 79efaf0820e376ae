/** The searches of one answer, and what its open text block cites of them. */
import { unreported } from '../../../anthropic/answer/add-usage.ts'
import type { Part, ReportedUsage } from '../../../anthropic/answer/part.ts'
import type { FoundPage, FoundSearch, SearchBlocks } from '../../web-search.ts'

/** Builds the blocks of provider-run searches, and the citations of the open text block. */
export class SearchParts {
  readonly #blocks: SearchBlocks
  /** The open text block. */
  #text = ''
  /** The pages that it cites. */
  readonly #cited = new Set<string>()
  /** Searches that are billed. */
  #count = 0

  constructor(blocks: SearchBlocks) {
    this.#blocks = blocks
  }

  /** Whether the open text block has a citation. */
  get hasCitation(): boolean {
    return this.#cited.size > 0
  }

  /** The parts of a search. `count`: as how many it is billed. */
  search(call: number, found: FoundSearch, count: number): readonly Part[] {
    this.#count += found.pages === undefined ? 0 : count
    return this.#blocks.search(call, found)
  }

  /** The citation of a page by the open text block; undefined if it has one. */
  cite(page: FoundPage): Part | undefined {
    if (this.#cited.has(page.url)) {
      return undefined
    }
    this.#cited.add(page.url)
    return this.#blocks.cite(page, this.#text)
  }

  /** Adds text to the open block. */
  addText(text: string): void {
    this.#text += text
  }

  closeText(): void {
    this.#text = ''
    this.#cited.clear()
  }

  /** The usage with the searches, where the upstream does not count them; undefined: nothing else is counted. */
  withSearches(usage: ReportedUsage = unreported): ReportedUsage {
    return this.#count === 0 ? usage : { webSearches: this.#count, ...usage }
  }
}
