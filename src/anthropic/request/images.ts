/** Removes images from a client's request, for models that turn out not to support them. */
import type { JsonObject } from '../json.ts'
import { asArray, isObject } from '../json.ts'
import type { Report } from '../report.ts'

const mark = { type: 'text', text: '[image omitted: model has no vision]' }

/** Whether any message contains an image. */
export function hasImages(json: JsonObject): boolean {
  return asArray(json['messages']).some((message) => isObject(message) && holdsImage(message))
}

/**
 * The request with a placeholder for each image, which is reported; the same object if there are
 * none.
 */
export function withoutImages(json: JsonObject, report: Report): JsonObject {
  if (!hasImages(json)) {
    return json
  }
  const messages = asArray(json['messages']).map((message, index) =>
    isObject(message) ? replaceIn(message, `messages.${index}`, report) : message,
  )
  return { ...json, messages }
}

function holdsImage({ content }: JsonObject): boolean {
  return asArray(content).some(
    (block) => isObject(block) && (block['type'] === 'image' || holdsImage(block)),
  )
}

function replaceIn(holder: JsonObject, path: string, report: Report): JsonObject {
  if (!holdsImage(holder)) {
    return holder
  }
  const content = asArray(holder['content']).map((block, index): unknown => {
    const at = `${path}.content.${index}`
    if (!isObject(block)) {
      return block
    }
    if (block['type'] === 'image') {
      report.drop(at)
      return mark
    }
    return replaceIn(block, at, report)
  })
  return { ...holder, content }
}
