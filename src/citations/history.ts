/**
 * Earlier answers with their citations as the model wrote them: one that sees its own texts without tags would
 * write none.
 */
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, asCount, asObject, asString } from '../anthropic/json.ts'
import type { MessageParam } from '../anthropic/request/request.ts'
import { toMark } from './marks.ts'
import type { Passage, Source } from './sources.ts'

/** `json` is the request as the client sent it, which has the citations. */
export function markCited(
  messages: readonly MessageParam[],
  json: JsonObject,
  sources: ReadonlyMap<string, Source>,
): MessageParam[] {
  const sent = asArray(json['messages'])
  return messages.map((message, index) => {
    if (message.role !== 'assistant' || typeof message.content === 'string') {
      return message
    }
    const blocks = asArray(asObject(sent[index])?.['content'])
    const content = message.content.map((block, at) => {
      const names = asArray(asObject(blocks[at])?.['citations'])
        .flatMap((citation) => nameOf(asObject(citation) ?? {}, sources) ?? [])
        .join(',')
      return block.type === 'text' && names !== ''
        ? { ...block, text: `<cite index="${names}">${block.text}</cite>` }
        : block
    })
    return { ...message, content }
  })
}

/** How the model names what a citation points at; undefined where that is not a passage of the request. */
function nameOf(citation: JsonObject, sources: ReadonlyMap<string, Source>): string | undefined {
  const isSearch = citation['type'] === 'search_result_location'
  const index = asCount(citation[isSearch ? 'search_result_index' : 'document_index'])
  const source = sources.get(`${isSearch ? 's' : 'd'}${index}`)
  const from = source?.passages.findIndex((passage) => begins(citation, passage)) ?? -1
  const to = source?.passages.findLastIndex((passage) => ends(citation, passage)) ?? -1
  if (source === undefined || from < 0 || to < from) {
    return undefined
  }
  return from === to ? toMark(source, from) : `${toMark(source, from)}:${to}`
}

const units: Readonly<Record<string, string>> = {
  char_location: 'char_index',
  page_location: 'page_number',
}

function begins(citation: JsonObject, { text, start }: Passage): boolean {
  return start === citation[`start_${unitOf(citation)}`] && isPartOf(citation, text, 'startsWith')
}

function ends(citation: JsonObject, { text, end }: Passage): boolean {
  return end === citation[`end_${unitOf(citation)}`] && isPartOf(citation, text, 'endsWith')
}

function unitOf({ type }: JsonObject): string {
  return units[asString(type) ?? ''] ?? 'block_index'
}

/** A page has several passages, which the text distinguishes. */
function isPartOf(
  { type, cited_text: cited }: JsonObject,
  passage: string,
  place: 'startsWith' | 'endsWith',
): boolean {
  return type !== 'page_location' || (asString(cited) ?? '')[place](passage)
}
