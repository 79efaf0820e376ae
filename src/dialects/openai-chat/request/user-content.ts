/** User content or a tool result as the content of a message. */
import type { CacheControl } from '../../shared/conversation/cache-control.ts'
import type { Content } from '../../shared/conversation/content.ts'
import { toFileName, toMediaUrl } from '../../shared/conversation/content.ts'
import { joinTexts } from '../../shared/conversation/join-texts.ts'
import type { ChatQuirks } from '../quirks.ts'
import type { ChatPart, TextPart, UserPart, VendorDocumentPart } from '../wire.ts'

/**
 * Converts content: to a string if it is only text, since many servers and templates support
 * nothing else.
 */
export function toUserContent(
  pieces: readonly Content[],
  quirks: ChatQuirks,
): string | (ChatPart | VendorDocumentPart)[] {
  const isPlain = pieces.every((piece) => piece.type === 'text' && !isMarked(piece, quirks))
  return isPlain
    ? joinTexts(pieces.map((piece) => (piece.type === 'text' ? piece.text : '')))
    : pieces.map((piece) => toPart(piece, quirks))
}

/** Converts content that is only text. */
export function toTextContent(
  pieces: readonly { text: string; cacheControl?: CacheControl }[],
  quirks: ChatQuirks,
): string | TextPart[] {
  return pieces.some((piece) => isMarked(piece, quirks))
    ? pieces.map(({ text, ...piece }) => ({ type: 'text', text, ...mark(piece, quirks) }))
    : joinTexts(pieces.map((piece) => piece.text))
}

function isMarked(piece: { cacheControl?: CacheControl }, quirks: ChatQuirks): boolean {
  return quirks.cache_control !== false && piece.cacheControl !== undefined
}

function mark(
  piece: { cacheControl?: CacheControl },
  quirks: ChatQuirks,
): { cache_control?: CacheControl } {
  const { cacheControl } = piece
  return quirks.cache_control === false || cacheControl === undefined
    ? {}
    : { cache_control: quirks.cache_control === 'plain' ? { type: 'ephemeral' } : cacheControl }
}

function toPart(piece: Content, quirks: ChatQuirks): UserPart {
  const marked = mark(piece, quirks)
  switch (piece.type) {
    case 'text':
      return { type: 'text', text: piece.text, ...marked }
    case 'image':
      return { type: 'image_url', image_url: { url: toMediaUrl(piece.source) }, ...marked }
    case 'pdf':
      return quirks.pdfs === 'document_url'
        ? {
            type: 'document_url',
            document_url: toMediaUrl(piece.source),
            ...(piece.title === undefined ? {} : { document_name: piece.title }),
            ...marked,
          }
        : {
            type: 'file',
            file: { filename: toFileName(piece), file_data: toMediaUrl(piece.source) },
            ...marked,
          }
  }
}
