/**
 * The conversation for Anthropic's own servers, which reject results that they did not make: the
 * gateway's calls and results become a note of what was found.
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../../anthropic/json.ts'
import { isOwn } from '../search/evidence.ts'
import { isOwnCallId } from './call-id.ts'
import { forAnyModel } from './for-any-model.ts'
import { blocksOf, readPage, readResults, resultOf } from './read-blocks.ts'
import { renderPage, renderResults } from './render.ts'

/**
 * The messages without the gateway's own blocks; the same list if there are none. Searches for tools have nothing
 * that is sealed, and stay where the request offers such a search, so that tools which were found stay loaded.
 */
export function forAnthropic(messages: readonly unknown[], tools: unknown): readonly unknown[] {
  const own = new OwnBlocks(messages, asArray(tools).some(isToolSearch))
  const rewritten = messages.map((message) => {
    if (!isObject(message) || message['role'] !== 'assistant') {
      return message
    }
    const blocks = blocksOf(message)
    return blocks.some((block) => own.has(block))
      ? { ...message, content: blocks.flatMap((block) => own.rewrite(block)) }
      : message
  })
  return rewritten.every((message, index) => message === messages[index]) ? messages : rewritten
}

function isToolSearch(tool: unknown): boolean {
  return asString(asObject(tool)?.['type'])?.startsWith('tool_search_tool_') === true
}

class OwnBlocks {
  readonly #keepsToolSearch: boolean
  /** Indices of pages that the gateway fetched, among the documents of the conversation. */
  readonly #pages: ReadonlySet<unknown>
  /** Search results so far. */
  #numbered = 0

  constructor(messages: readonly unknown[], keepsToolSearch: boolean) {
    this.#keepsToolSearch = keepsToolSearch
    const hasPages = messages.some((message) => blocksOf(message).some(isOwnPage))
    const results = hasPages ? forAnyModel(messages).results : []
    this.#pages = new Set(results.flatMap(({ documentIndex }) => documentIndex ?? []))
  }

  has(block: JsonObject): boolean {
    const isMade = isOwnCallId(block['id']) || isOwnCallId(resultOf(block))
    return isMade
      ? !(this.#keepsToolSearch && isToolSearchBlock(block))
      : this.#citationsOf(block).length > 0
  }

  rewrite(block: JsonObject): JsonObject[] {
    if (!this.has(block)) {
      return [block]
    }
    if (block['type'] === 'server_tool_use') {
      return [{ type: 'text', text: describeCall(block) }]
    }
    if (resultOf(block) !== undefined) {
      return [{ type: 'text', text: this.#describeResult(block) }]
    }
    const own = this.#citationsOf(block)
    const { citations, ...rest } = block
    const kept = asArray(citations).filter((citation) => !own.includes(citation))
    return [kept.length === 0 ? rest : { ...rest, citations: kept }]
  }

  /** Those that only the gateway understands. */
  #citationsOf({ citations }: JsonObject): unknown[] {
    return asArray(citations).filter((citation) => {
      const { type, encrypted_index: sealed, document_index: index } = asObject(citation) ?? {}
      return isOwn(sealed) || (type === 'char_location' && this.#pages.has(index))
    })
  }

  #describeResult(block: JsonObject): string {
    const results = readResults(block, this.#numbered + 1)
    if (results !== undefined) {
      this.#numbered += results.length
      return renderResults(results)
    }
    const page = readPage(block)
    return page === undefined ? `(Result: ${JSON.stringify(block['content'])})` : renderPage(page)
  }
}

function isOwnPage(block: JsonObject): boolean {
  return block['type'] === 'web_fetch_tool_result' && isOwnCallId(resultOf(block))
}

function isToolSearchBlock({ type, name }: JsonObject): boolean {
  const isCall = type === 'server_tool_use' && asString(name)?.startsWith('tool_search_tool_')
  return isCall === true || type === 'tool_search_tool_result'
}

function describeCall({ name, input }: JsonObject): string {
  const { query, url } = asObject(input) ?? {}
  const what = asString(query) ?? asString(url) ?? JSON.stringify(input)
  return name === 'web_search'
    ? `(Searched the web for: ${what})`
    : `(Called ${String(name)}: ${what})`
}
