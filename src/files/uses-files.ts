/** Finds blocks of a request whose source is a file of this gateway. */
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../anthropic/json.ts'

/** The beginning of every id of a file that this gateway stores; ids of providers pass through. */
export const fileIdPrefix = 'file_gw'

/** Whether any block names such a file. */
export function usesFiles(json: JsonObject): boolean {
  return asArray(json['messages']).some((message) => isObject(message) && holdsFile(message))
}

/** The id of the file that a block of an image or document names; undefined for every other block. */
export function fileOf({ type, source }: JsonObject): string | undefined {
  if (type !== 'image' && type !== 'document') {
    return undefined
  }
  const from = asObject(source)
  const id = from?.['type'] === 'file' ? asString(from['file_id']) : undefined
  return id?.startsWith(fileIdPrefix) === true ? id : undefined
}

/** Whether blocks in a message, a tool's result or a document's content name a file. */
export function holdsFile(holder: JsonObject): boolean {
  return [holder['content'], asObject(holder['source'])?.['content']].some((content) =>
    asArray(content).some(
      (block) => isObject(block) && (fileOf(block) !== undefined || holdsFile(block)),
    ),
  )
}
