/**
 * Earlier answers with their citations as the model wrote them: one that sees its own texts without tags would
 * write none.
 */
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, asCount, asObject } from '../anthropic/json.ts'
import type { MessageParam } from '../anthropic/request/request.ts'
import { toMark } from './marks.ts'
import type { Source } from './sources.ts'

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
  const unit = citation['type'] === 'char_location' ? 'char_index' : 'block_index'
  const from = source?.passages.findIndex(({ start }) => start === citation[`start_${unit}`]) ?? -1
  const to = source?.passages.findIndex(({ end }) => end === citation[`end_${unit}`]) ?? -1
  if (source === undefined || from < 0 || to < from) {
    return undefined
  }
  return from === to ? toMark(source, from) : `${toMark(source, from)}:${to}`
}
