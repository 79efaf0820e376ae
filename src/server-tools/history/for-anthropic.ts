/**
 * The conversation for Anthropic's own servers, which reject results that they did not make: the
 * gateway's calls and results become a note of what was found.
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../../anthropic/json.ts'
import { isOwn } from '../search/evidence.ts'
import { isOwnCallId } from './call-id.ts'
import { forAnyModel } from './for-any-model.ts'
import { blocksOf, readAdvice, readPage, readResults, resultOf } from './read-blocks.ts'
import { renderAdvice, renderPage, renderResults } from './render.ts'

/** Families of tools whose results have nothing that is sealed, by the beginning of their names and types. */
const unsealed = ['tool_search_tool_', 'advisor']

/**
 * The messages without the gateway's own blocks; the same list if there are none. What is not sealed stays where the
 * request offers a tool of that family: tools which were found stay loaded, and advice stays advice.
 */
export function forAnthropic(messages: readonly unknown[], tools: unknown): readonly unknown[] {
  const types = asArray(tools).map((tool) => asString(asObject(tool)?.['type']) ?? '')
  const kept = unsealed.filter((family) => types.some((type) => type.startsWith(family)))
  const own = new OwnBlocks(messages, kept)
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

class OwnBlocks {
  /** Families of tools whose blocks stay. */
  readonly #kept: readonly string[]
  /** Indices of pages that the gateway fetched, among the documents of the conversation. */
  readonly #pages: ReadonlySet<unknown>
  /** Search results so far. */
  #numbered = 0

  constructor(messages: readonly unknown[], kept: readonly string[]) {
    this.#kept = kept
    const hasPages = messages.some((message) => blocksOf(message).some(isOwnPage))
    const results = hasPages ? forAnyModel(messages).results : []
    this.#pages = new Set(results.flatMap(({ documentIndex }) => documentIndex ?? []))
  }

  has(block: JsonObject): boolean {
    const isMade = isOwnCallId(block['id']) || isOwnCallId(resultOf(block))
    return isMade
      ? !this.#kept.some((family) => isOf(family, block))
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

  /** The citations that only the gateway understands. */
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
    const advice = readAdvice(block)
    if (advice !== undefined) {
      return `(Advice: ${renderAdvice(advice)})`
    }
    const page = readPage(block)
    return page === undefined ? `(Result: ${JSON.stringify(block['content'])})` : renderPage(page)
  }
}

function isOwnPage(block: JsonObject): boolean {
  return block['type'] === 'web_fetch_tool_result' && isOwnCallId(resultOf(block))
}

/** Whether a block is a call of a family of tools, or its result. */
function isOf(family: string, { type, name }: JsonObject): boolean {
  const named = type === 'server_tool_use' ? name : type
  return asString(named)?.startsWith(family) === true
}

function describeCall({ name, input }: JsonObject): string {
  if (name === 'advisor') {
    return '(Asked the advisor.)'
  }
  const { query, url } = asObject(input) ?? {}
  const what = asString(query) ?? asString(url) ?? JSON.stringify(input)
  return name === 'web_search'
    ? `(Searched the web for: ${what})`
    : `(Called ${String(name)}: ${what})`
}
