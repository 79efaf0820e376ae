/** Web search that the model's provider runs itself: what is offered to it, and its searches as blocks. */
import type { Part } from '../../anthropic/answer/part.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asCount, asObject } from '../../anthropic/json.ts'
import type { NativeSearch as ModelSearch } from '../../dialects/dialect.ts'
import type {
  FoundPage,
  FoundSearch,
  SearchBlocks,
  WebSearchOffer,
} from '../../dialects/web-search.ts'
import { newCallId } from '../history/call-id.ts'
import { forAnyModel } from '../history/for-any-model.ts'
import { findCitedText } from '../search/cited-text.ts'
import { DomainRules } from '../search/domain-rules.ts'
import { sealText, toIndex } from '../search/evidence.ts'
import { cut, toPlainText } from '../search/plain-text.ts'
import { readLocation } from '../search/user-location.ts'

const maxTextCharacters = 2000
const maxTitleCharacters = 300

/** The web search of a provider, for one request. */
export class NativeSearch {
  /** The index of the client's entry. */
  readonly index: number
  readonly #tool: JsonObject
  readonly #rules: DomainRules

  /** `tool`: the client's entry. Throws a GatewayError `invalid_request` for one that is contradictory. */
  constructor(tool: JsonObject, index: number) {
    this.index = index
    this.#tool = tool
    this.#rules = new DomainRules(tool, `tools.${index}`)
  }

  /** What a model with a search of its own is offered; undefined if that cannot keep to the client's rules. */
  offer(json: JsonObject, { search, hasFunctions }: ModelTools): WebSearchOffer | undefined {
    const choice = asObject(json['tool_choice'])
    const offer: WebSearchOffer = {
      allowedHosts: this.#rules.allowedHosts,
      blockedHosts: this.#rules.blockedHosts,
      location: readLocation(this.#tool['user_location']),
      maxUses: asCount(this.#tool['max_uses']),
      isForced:
        (choice?.['type'] === 'tool' && choice['name'] === this.#tool['name']) ||
        (choice?.['type'] === 'any' && !hasFunctions),
      path: `tools.${this.index}`,
    }
    return !this.#rules.hasPaths && search?.takes(offer, hasFunctions) === true ? offer : undefined
  }

  /** `messages`: the conversation, whose results are numbered before those of the answer. */
  createBlocks(messages: readonly unknown[], newId: (prefix: string) => string): SearchBlocks {
    const numbered = forAnyModel(messages).results.length
    return new NativeBlocks(numbered, (url) => this.#rules.allows(url), newId)
  }
}

interface ModelTools {
  search: ModelSearch | undefined
  hasFunctions: boolean
}

class NativeBlocks implements SearchBlocks {
  #numbered: number
  readonly #allows: (url: URL) => boolean
  readonly #newId: (prefix: string) => string
  /** The numbers and texts of this answer's results, by address. */
  readonly #found = new Map<string, { number: number; text: string; title: string }>()

  constructor(numbered: number, allows: (url: URL) => boolean, newId: (prefix: string) => string) {
    this.#numbered = numbered
    this.#allows = allows
    this.#newId = newId
  }

  search(call: number, { query, pages, isNumbered }: FoundSearch): readonly Part[] {
    const id = newCallId(this.#newId, false)
    const json = JSON.stringify(query === '' ? {} : { query })
    return [
      { type: 'tool-start', call, id, name: 'web_search', isServer: true },
      { type: 'tool-delta', call, json },
      { type: 'tool-end', call },
      {
        type: 'block',
        block: {
          type: 'web_search_tool_result',
          tool_use_id: id,
          content:
            pages === undefined
              ? { type: 'web_search_tool_result_error', error_code: 'unavailable' }
              : this.#toResults(pages, isNumbered),
        },
        ...(isNumbered ? { isNumbered } : {}),
      },
    ]
  }

  cite(page: FoundPage, answer: string): Part {
    const known = this.#found.get(toKey(page.url))
    const title = known?.title ?? toTitle(page)
    const evidence = page.text ?? known?.text
    const passage = findCitedText(
      answer,
      evidence === undefined || evidence === '' ? title : evidence,
    )
    return {
      type: 'citation',
      citation: {
        type: 'web_search_result_location',
        cited_text: passage.text,
        url: page.url,
        title,
        encrypted_index: toIndex(known?.number ?? 0, passage.index),
      },
    }
  }

  /** Each page once, unless the model counts them. */
  #toResults(pages: readonly FoundPage[], isNumbered: boolean) {
    const seen = new Set<string>()
    const kept = pages.filter(({ url }) => {
      const parsed = URL.parse(url)
      const isNew = isNumbered || !seen.has(toKey(url))
      seen.add(toKey(url))
      return isNew && parsed !== null && /^https?:$/.test(parsed.protocol) && this.#allows(parsed)
    })
    return kept.map((page) => {
      const title = toTitle(page)
      const text = cut(toPlainText(page.text ?? ''), maxTextCharacters)
      this.#numbered += 1
      this.#found.set(toKey(page.url), { number: this.#numbered, text, title })
      return {
        type: 'web_search_result' as const,
        url: page.url,
        title,
        encrypted_content: sealText(text),
        page_age: page.date ?? null,
      }
    })
  }
}

/** Some providers mark the links of an answer, and not the pages that they list. */
function toKey(url: string): string {
  return url.replace(/[?&]utm_source=[^&#]*$/, '')
}

/** Some providers have only a number for a title. */
function toTitle({ title, url }: FoundPage): string {
  const plain = cut(toPlainText(title ?? ''), maxTitleCharacters)
  return plain === '' || /^\d+$/.test(plain) ? (URL.parse(url)?.hostname ?? url) : plain
}
