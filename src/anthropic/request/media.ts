/** Removes images and PDFs from a client's request, for models that turn out not to support them. */
import type { JsonObject } from '../json.ts'
import { asArray, asObject, isObject } from '../json.ts'
import type { Report } from '../report.ts'

/** A kind of media that a model may lack. */
export type MediaKind = 'image' | 'pdf'

const marks: Record<MediaKind, JsonObject> = {
  image: { type: 'text', text: '[image omitted: model has no vision]' },
  pdf: { type: 'text', text: '[document omitted: model reads no PDFs]' },
}

/** Whether any message contains one. */
export function hasMedia(json: JsonObject, kind: MediaKind): boolean {
  return asArray(json['messages']).some((message) => isObject(message) && holds(message, kind))
}

/** The request with a mark in place of each, which is reported; the same object without any. */
export function withoutMedia(json: JsonObject, kind: MediaKind, report: Report): JsonObject {
  if (!hasMedia(json, kind)) {
    return json
  }
  const messages = asArray(json['messages']).map((message, index) =>
    isObject(message) ? replaceIn(message, `messages.${index}`, kind, report) : message,
  )
  return { ...json, messages }
}

/** Documents of text are sent as text. */
function isMedia(block: JsonObject, kind: MediaKind): boolean {
  const { type, source } = block
  const from = asObject(source)?.['type']
  return kind === 'image'
    ? type === 'image'
    : type === 'document' && from !== 'text' && from !== 'content'
}

function holds({ content }: JsonObject, kind: MediaKind): boolean {
  return asArray(content).some(
    (block) => isObject(block) && (isMedia(block, kind) || holds(block, kind)),
  )
}

function replaceIn(holder: JsonObject, path: string, kind: MediaKind, report: Report): JsonObject {
  if (!holds(holder, kind)) {
    return holder
  }
  const content = asArray(holder['content']).map((block, index): unknown => {
    const at = `${path}.content.${index}`
    if (!isObject(block)) {
      return block
    }
    if (isMedia(block, kind)) {
      report.drop(at)
      return marks[kind]
    }
    return replaceIn(block, at, kind, report)
  })
  return { ...holder, content }
}
