/**
 * The conversation for Anthropic's own servers, which reject results that they did not make: the
 * gateway's calls and results become a note of what was found.
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../../anthropic/json.ts'
import { isOwn } from '../search/evidence.ts'
import { isOwnCallId } from './call-id.ts'
import { blocksOf, readPage, readResults, resultOf } from './read-blocks.ts'
import { renderPage, renderResults } from './render.ts'

/** The messages without the gateway's own blocks; the same list if there are none. */
export function forAnthropic(messages: readonly unknown[]): readonly unknown[] {
  let numbered = 0
  const count = (added: number): number => (numbered += added) - added
  const rewritten = messages.map((message) =>
    isObject(message) && message['role'] === 'assistant' && blocksOf(message).some(isOwnBlock)
      ? { ...message, content: blocksOf(message).flatMap((block) => rewrite(block, count)) }
      : message,
  )
  return rewritten.every((message, index) => message === messages[index]) ? messages : rewritten
}

function isOwnBlock(block: JsonObject): boolean {
  return isOwnCallId(block['id']) || isOwnCallId(resultOf(block)) || ownCitations(block).length > 0
}

function ownCitations({ citations }: JsonObject): unknown[] {
  return asArray(citations).filter((citation) => isOwn(asObject(citation)?.['encrypted_index']))
}

/** `count` takes the number of results and returns how many there were before. */
function rewrite(block: JsonObject, count: (added: number) => number): JsonObject[] {
  if (block['type'] === 'server_tool_use' && isOwnCallId(block['id'])) {
    return [{ type: 'text', text: describeCall(block) }]
  }
  if (isOwnCallId(resultOf(block))) {
    return [{ type: 'text', text: describeResult(block, count) }]
  }
  const own = ownCitations(block)
  if (own.length === 0) {
    return [block]
  }
  const { citations, ...rest } = block
  const kept = asArray(citations).filter((citation) => !own.includes(citation))
  return [kept.length === 0 ? rest : { ...rest, citations: kept }]
}

function describeCall({ name, input }: JsonObject): string {
  const { query, url } = asObject(input) ?? {}
  const what = asString(query) ?? asString(url) ?? JSON.stringify(input)
  return name === 'web_search'
    ? `(Searched the web for: ${what})`
    : `(Called ${String(name)}: ${what})`
}

function describeResult(block: JsonObject, count: (added: number) => number): string {
  const size = asArray(block['content']).length
  const results = readResults(block, count(size) + 1)
  if (results !== undefined) {
    return renderResults(results)
  }
  const page = readPage(block)
  return page === undefined ? `(Result: ${JSON.stringify(block['content'])})` : renderPage(page)
}
