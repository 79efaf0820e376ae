/** What a tool of an MCP server returned, as the text that Anthropic's blocks have. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, asString, isObject } from '../../anthropic/json.ts'
import { cut } from '../search/plain-text.ts'
import type { McpCallResult } from './connection.ts'

const maxCharacters = 256 * 1024

/** The characters that each part counts at least, so that many small parts are bounded as well. */
const charactersPerPart = 64

/** Texts of at most 256 KB in all; the last one ends with a note where more was left out. */
export function toTexts({ content, structured }: McpCallResult): string[] {
  const texts: string[] = []
  let remaining = maxCharacters
  for (const part of content) {
    const text = isObject(part) ? toText(part) : ''
    if (remaining < charactersPerPart || text.length > remaining) {
      return [
        ...texts,
        cut(text, remaining),
        `[The result is longer than ${maxCharacters} characters; the rest was left out.]`,
      ]
    }
    remaining -= text.length + charactersPerPart
    texts.push(text)
  }
  return texts.length === 0 && structured !== undefined
    ? [cut(JSON.stringify(structured), maxCharacters)]
    : texts
}

/** https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool-result */
function toText(part: JsonObject): string {
  switch (part['type']) {
    case 'text':
      return asString(part['text']) ?? ''
    case 'resource': {
      const { text, uri, mimeType } = asObject(part['resource']) ?? {}
      return asString(text) ?? toNote('resource', mimeType, uri)
    }
    case 'resource_link':
      return `${asString(part['name']) ?? 'resource'}: ${asString(part['uri']) ?? ''}`
    default:
      return toNote(asString(part['type']) ?? 'part', part['mimeType'], undefined)
  }
}

function toNote(kind: string, mimeType: unknown, uri: unknown): string {
  const about = [kind, asString(mimeType), asString(uri)].filter((word) => word !== undefined)
  return `[${about.join(' ')}: left out, since it is not text]`
}
