/** Reads the blocks of server tools that a client sends back. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../../anthropic/json.ts'
import { openText } from '../search/evidence.ts'
import type { Advice, NumberedResult } from './render.ts'

/** The blocks of a message; none where its content is a string. */
export function blocksOf(message: unknown): readonly JsonObject[] {
  return asArray(asObject(message)?.['content']).filter(isObject)
}

/** The id of the call that a block is the result of; undefined for other blocks. */
export function resultOf({ type, tool_use_id: id }: JsonObject): string | undefined {
  const isResult = typeof type === 'string' && type.endsWith('_tool_result')
  return isResult ? asString(id) : undefined
}

/** The results of a search, numbered from `first`; undefined where the block is no such list. */
export function readResults(
  { type, content }: JsonObject,
  first: number,
): NumberedResult[] | undefined {
  return type === 'web_search_tool_result' && Array.isArray(content)
    ? content.filter(isObject).map((result, index) => ({
        number: first + index,
        url: asString(result['url']) ?? '',
        title: asString(result['title']) ?? '',
        text: openText(result['encrypted_content']),
        date: asString(result['page_age']),
        documentIndex: undefined,
      }))
    : undefined
}

/** A page that was fetched. */
export interface FetchedText {
  url: string
  title: string | undefined
  text: string
  /** Whether the client wants it cited. */
  isCited: boolean
}

/** A page that was fetched; undefined where the block is none, or its page is not text. */
export function readPage({ type, content }: JsonObject): FetchedText | undefined {
  const page = type === 'web_fetch_tool_result' ? asObject(content) : undefined
  const document = asObject(page?.['content']) ?? {}
  const source = asObject(document['source']) ?? {}
  const text = source['type'] === 'text' ? asString(source['data']) : undefined
  return page === undefined || text === undefined
    ? undefined
    : {
        url: asString(page['url']) ?? '',
        title: asString(document['title']),
        text,
        isCited: asObject(document['citations'])?.['enabled'] === true,
      }
}

/** The tools that a tool search found; undefined for other blocks, and for a search that failed. */
export function readToolNames({ type, content }: JsonObject): string[] | undefined {
  const references = asObject(content)?.['tool_references']
  return type === 'tool_search_tool_result' && Array.isArray(references)
    ? references.flatMap((reference) => asString(asObject(reference)?.['tool_name']) ?? [])
    : undefined
}

/** What an advisor wrote; undefined for other blocks, and for a call that failed. */
export function readAdvice({ type, content }: JsonObject): Advice | undefined {
  const result = type === 'advisor_tool_result' ? asObject(content) : undefined
  switch (result?.['type']) {
    case 'advisor_result':
      return {
        text: asString(result['text']),
        isTruncated: result['stop_reason'] === 'max_tokens',
      }
    case 'advisor_redacted_result':
      return { text: undefined, isTruncated: false }
    default:
      return undefined
  }
}
