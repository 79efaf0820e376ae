/**
 * Classified content of a turn: text, an image, or a PDF. Text documents, search results and blocks
 * that only Anthropic supports are converted to text; each item has its path in the client's body,
 * for errors and reports.
 */
import { invalidAt } from '../../../anthropic/error.ts'
import { asString, isObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import type {
  ContentBlock,
  DocumentBlock,
  ImageBlock,
  OtherBlock,
  SearchResultBlock,
  TextBlock,
  ToolResultContent,
} from '../../../anthropic/request/content-block.ts'
import { readToolChange } from '../../../anthropic/request/tool-changes.ts'
import type { CacheControl } from './cache-control.ts'
import { asContentBlock, isSilent, toJsonText } from './other-blocks.ts'

/** The bytes of an image or PDF, or a URL from which the upstream can fetch it. */
export type MediaSource = { mediaType: string; base64: string } | { url: string }

interface Piece {
  path: string
  cacheControl?: CacheControl
}

/** A text, with its path in the client's body. */
export interface TextPiece extends Piece {
  type: 'text'
  text: string
}

/** An image, by base64 data or URL. */
export interface ImagePiece extends Piece {
  type: 'image'
  source: MediaSource
}

/** A PDF, by base64 data or URL. */
export interface PdfPiece extends Piece {
  type: 'pdf'
  source: MediaSource
  title?: string
}

/** A piece of content of a user's turn or a tool result. */
export type Content = TextPiece | ImagePiece | PdfPiece

/** What is needed to read a conversation. */
export interface ContentContext {
  report: Report
  /** `provider/model`, for error messages. */
  upstream: string
  /** Returns the upstream's name of a tool. */
  toolName: (name: string) => string
}

type Block = ContentBlock | ToolResultContent | ImageBlock | TextBlock | OtherBlock

/** Converts a block of a user turn or a tool result; empty if the block has no content. */
export function toContent(block: Block, path: string, context: ContentContext): Content[] {
  switch (block.type) {
    case 'text':
      return toText(block.text, piece(path, block.cache_control))
    case 'image':
      return [
        {
          type: 'image',
          ...piece(path, block.cache_control),
          source: toSource(block, path, context),
        },
      ]
    case 'document':
      return toDocument(block, path, context)
    case 'search_result':
      if (block.citations?.enabled === true) {
        context.report.drop(`${path}.citations`)
      }
      return toText(toSearchText(block), piece(path, block.cache_control))
    case 'tool_reference':
      return toText(`Tool found: ${context.toolName(block.tool_name)}`, { path })
    case 'other':
      return fromOther(block, path, context)
    case 'thinking':
    case 'redacted_thinking':
    case 'tool_use':
    case 'tool_result':
      context.report.drop(path)
      return []
  }
}

function piece(path: string, cacheControl: CacheControl | null | undefined): Piece {
  return { path, ...(cacheControl === null || cacheControl === undefined ? {} : { cacheControl }) }
}

function toText(text: string, where: Piece): TextPiece[] {
  return text.trim() === '' ? [] : [{ type: 'text', ...where, text }]
}

function toSource(
  { type, source }: ImageBlock | DocumentBlock,
  path: string,
  context: ContentContext,
): MediaSource {
  switch (source.type) {
    case 'base64':
      return { mediaType: source.media_type, base64: source.data }
    case 'url':
      return { url: source.url }
    case 'file':
      throw invalidAt(
        path,
        `files of the Files API are not supported for ${context.upstream}; send the ${type} as base64.`,
      )
    case 'text':
    case 'content':
    case 'other':
      throw invalidAt(path, `this source is not supported for ${context.upstream}.`)
  }
}

function toDocument(block: DocumentBlock, path: string, context: ContentContext): Content[] {
  const where = piece(path, block.cache_control)
  if (block.citations?.enabled === true) {
    context.report.drop(`${path}.citations`)
  }
  const { source } = block
  switch (source.type) {
    case 'text':
      return toText(frame(block, source.data), where)
    case 'content':
      if (typeof source.content === 'string') {
        return toText(frame(block, source.content), where)
      }
      return frameContent(
        block,
        source.content.flatMap((inner, index) =>
          toContent(inner, `${path}.source.content.${index}`, context),
        ),
        where,
      )
    case 'base64':
      if (source.media_type.startsWith('text/')) {
        throw invalidAt(path, 'a text document is sent with a source of type text, not base64.')
      }
      break
    case 'url':
    case 'file':
    case 'other':
      break
  }
  const title = block.title ?? undefined
  return [
    ...toText(block.context ?? '', { path }),
    {
      type: 'pdf',
      ...where,
      source: toSource(block, path, context),
      ...(title === undefined ? {} : { title }),
    },
  ]
}

function opening({ title, context }: DocumentBlock): string {
  const attribute = title === null || title === undefined ? '' : ` title=${JSON.stringify(title)}`
  const about = context === null || context === undefined ? '' : `${context}\n\n`
  return `<document${attribute}>\n${about}`
}

function frame(block: DocumentBlock, text: string): string {
  return `${opening(block)}${text}\n</document>`
}

/** Frames a document's content: text becomes one item, and images stay between the texts. */
function frameContent(block: DocumentBlock, content: Content[], where: Piece): Content[] {
  if (content.every((inner) => inner.type === 'text')) {
    return toText(frame(block, content.map((inner) => inner.text).join('\n')), where)
  }
  return [
    { type: 'text', path: where.path, text: opening(block).trimEnd() },
    ...content,
    { type: 'text', ...where, text: '</document>' },
  ]
}

function toSearchText({ title, source, content }: SearchResultBlock): string {
  const text = content.map((inner) => inner.text).join('\n')
  return `<search_result title=${JSON.stringify(title)} source=${JSON.stringify(source)}>\n${text}\n</search_result>`
}

/**
 * Converts a block of an unknown type: to its text if it has one, else to its JSON without large
 * values.
 */
function fromOther(block: OtherBlock, path: string, context: ContentContext): Content[] {
  const { raw } = block
  if (raw.type === 'container_upload') {
    throw invalidAt(path, `containers are not supported for ${context.upstream}.`)
  }
  if (isSilent(block)) {
    context.report.ignore(path)
    return []
  }
  if (raw.type === 'tool_addition' || raw.type === 'tool_removal') {
    const change = readToolChange(block.raw)
    if (change === undefined) {
      context.report.drop(path)
      return []
    }
    const availability = change.isRemoval ? 'no longer' : 'now'
    return toText(`The tool ${context.toolName(change.name)} is ${availability} available.`, {
      path,
    })
  }
  context.report.map(path, 'text')
  return toText(asString(raw['text']) ?? toJsonText(raw), { path })
}

/** Converts a tool result as clients send it: a string, blocks, nothing, or a single object. */
export function toResultContent(
  content: string | readonly ToolResultContent[] | Record<string, unknown> | null | undefined,
  path: string,
  context: ContentContext,
): Content[] {
  if (content === null || content === undefined) {
    return []
  }
  if (typeof content === 'string') {
    return toText(content, { path })
  }
  if (isObject(content)) {
    const block = asContentBlock(content)
    return block === undefined
      ? toText(toJsonText(content), { path })
      : toContent(block, `${path}.content`, context)
  }
  return content.flatMap((block, index) => toContent(block, `${path}.content.${index}`, context))
}

/** The URL of a media source, as OpenAI's protocols require it: bytes become a data URL. */
export function toMediaUrl(source: MediaSource): string {
  return 'url' in source ? source.url : `data:${source.mediaType};base64,${source.base64}`
}

/** A PDF's file name, with the extension by which upstreams recognize its type. */
export function toFileName({ title }: PdfPiece): string {
  const name = (title ?? '').trim() || 'document'
  return name.toLowerCase().endsWith('.pdf') ? name : `${name}.pdf`
}
