/**
 * The conversation for a model that knows no server tools: results become text that it can read and
 * cite. Calls stay as they are, since dialects take them for calls of an ordinary tool.
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asString, isObject } from '../../anthropic/json.ts'
import { append } from '../../platform/append.ts'
import { readIndex } from '../search/evidence.ts'
import type { FetchedText } from './read-blocks.ts'
import {
  blocksOf,
  readAdvice,
  readPage,
  readResults,
  readToolNames,
  resultOf,
} from './read-blocks.ts'
import type { NumberedResult } from './render.ts'
import { renderAdvice, renderPage, renderResults, renderToolNames } from './render.ts'

/** The conversation with the results of server tools as text, and those results by number. */
export interface ReadableHistory {
  messages: readonly unknown[]
  /** All search results of the conversation, by number, from 1. */
  results: readonly NumberedResult[]
}

/** What was found up to some place of the conversation. */
interface Found {
  results: NumberedResult[]
  /** Documents, which citations count. */
  documents: number
}

/** The messages with results as text. Messages without such blocks are the same objects. */
export function forAnyModel(messages: readonly unknown[]): ReadableHistory {
  const late = findLateResults(messages)
  const found: Found = { results: [], documents: 0 }
  const rewritten = messages.flatMap((message) => {
    if (!isObject(message) || message['role'] !== 'assistant' || !needsRewriting(message)) {
      found.documents += countDocuments(message)
      return [message]
    }
    const content = blocksOf(message).flatMap((block) => rewrite(block, late, found))
    return content.length === 0 ? [] : [{ ...message, content }]
  })
  return { messages: rewritten, results: found.results }
}

/**
 * Results in another message than their calls, by the call's id. Anthropic runs a call after the client's
 * own ones of the same turn, and its result opens the next message; elsewhere it follows its call.
 */
function findLateResults(messages: readonly unknown[]): ReadonlyMap<string, JsonObject> {
  const late = new Map<string, JsonObject>()
  const calls = new Map<string, unknown>()
  for (const message of messages) {
    for (const block of blocksOf(message)) {
      const id = asString(block['id'])
      const answered = resultOf(block)
      if (block['type'] === 'server_tool_use' && id !== undefined) {
        calls.set(id, message)
      } else if (answered !== undefined && calls.has(answered) && calls.get(answered) !== message) {
        late.set(answered, block)
      }
    }
  }
  return late
}

function needsRewriting(message: JsonObject): boolean {
  return blocksOf(message).some(
    (block) =>
      block['type'] === 'server_tool_use' ||
      resultOf(block) !== undefined ||
      (block['type'] === 'text' && asArray(block['citations']).length > 0),
  )
}

function rewrite(
  block: JsonObject,
  late: ReadonlyMap<string, JsonObject>,
  found: Found,
): JsonObject[] {
  const answered = resultOf(block)
  if (answered !== undefined) {
    return late.has(answered) ? [] : [rewriteResult(block, found)]
  }
  if (block['type'] === 'server_tool_use') {
    const result = late.get(asString(block['id']) ?? '')
    return result === undefined ? [block] : [block, rewriteResult(result, found)]
  }
  return [withMarkers(block, found.results)]
}

/** `found` grows by what is in the block. */
function rewriteResult(block: JsonObject, found: Found): JsonObject {
  const results = readResults(block, found.results.length + 1)
  if (results !== undefined) {
    append(found.results, results)
    return withText(block, renderResults(results))
  }
  const tools = readToolNames(block)
  if (tools !== undefined) {
    return withText(block, renderToolNames(tools))
  }
  const advice = readAdvice(block)
  if (advice !== undefined) {
    return withText(block, renderAdvice(advice))
  }
  const page = readPage(block)
  return page === undefined ? block : withText(block, renderPage(page, addPage(page, found)))
}

/** The number of a page; undefined for one that is not to be cited. */
function addPage({ url, title, text, isCited }: FetchedText, found: Found): number | undefined {
  const documentIndex = found.documents
  found.documents += 1
  if (!isCited) {
    return undefined
  }
  const number = found.results.length + 1
  found.results.push({ number, url, title: title ?? '', text, date: undefined, documentIndex })
  return number
}

/** Documents among the blocks of a message of the client's, and in results of its tools. */
function countDocuments(message: unknown): number {
  return blocksOf(message).reduce(
    (count, block) =>
      count +
      (block['type'] === 'document' ? 1 : 0) +
      (block['type'] === 'tool_result' ? countDocuments(block) : 0),
    0,
  )
}

function withText(block: JsonObject, text: string): JsonObject {
  return { ...block, content: [{ type: 'text', text }] }
}

/**
 * Restores the numbers that the model wrote in place of the client's citations, so that it
 * continues to cite.
 */
function withMarkers(block: JsonObject, results: readonly NumberedResult[]): JsonObject {
  const { citations, text, ...rest } = block
  if (block['type'] !== 'text' || typeof text !== 'string' || asArray(citations).length === 0) {
    return block
  }
  const numbers = asArray(citations).flatMap((citation) => toNumber(citation, results))
  return { ...rest, text: text + [...new Set(numbers)].map((number) => `[${number}]`).join('') }
}

function toNumber(citation: unknown, results: readonly NumberedResult[]): number[] {
  if (!isObject(citation)) {
    return []
  }
  if (citation['type'] === 'char_location') {
    const index = citation['document_index']
    return results
      .filter(({ documentIndex }) => documentIndex === index)
      .map(({ number }) => number)
  }
  if (citation['type'] !== 'web_search_result_location') {
    return []
  }
  const own = readIndex(citation['encrypted_index'])
  const byUrl = results.find(({ url }) => url === citation['url'])?.number
  const number = own !== undefined && results[own - 1]?.url === citation['url'] ? own : byUrl
  return number === undefined ? [] : [number]
}
