/** User content and tool results as Converse content blocks. */
import { append } from '../../../platform/append.ts'
import type { CacheControl } from '../../shared/conversation/cache-control.ts'
import type { Content, ImagePiece, PdfPiece } from '../../shared/conversation/content.ts'
import { emptyText } from '../../shared/conversation/read-messages.ts'
import { withErrorMark } from '../../shared/conversation/turns.ts'
import type { ToolResult } from '../../shared/conversation/turns.ts'
import type { ToToolId } from '../../shared/tools/tool-ids.ts'
import type { BedrockQuirks } from '../quirks.ts'
import type {
  CachePoint,
  DocumentBlock,
  ImageBlock,
  TextBlock,
  ToolResultBlock,
  UserBlock,
} from '../wire.ts'
import type { DocumentNames } from './document-names.ts'

/** What the blocks of one request share: quirks, and the ids and document names that are already used. */
export interface BlockContext {
  quirks: BedrockQuirks
  toToolId: ToToolId
  documentNames: DocumentNames
}

/** Translates user content to blocks, with cache points after those that the client marked. */
export function toUserBlocks(pieces: readonly Content[], context: BlockContext): UserBlock[] {
  return pieces.flatMap((piece): UserBlock[] => [
    piece.type === 'text' ? { text: piece.text } : toMedia(piece, context),
    ...toMark([piece], context.quirks),
  ])
}

/**
 * The results of one turn in the order of their calls, followed by the media that results cannot
 * contain.
 */
export function toResultBlocks(results: readonly ToolResult[], context: BlockContext): UserBlock[] {
  const blocks: UserBlock[] = []
  const beside: UserBlock[] = []
  for (const result of results) {
    blocks.push(toResult(result, context))
    append(blocks, toMark(result.content, context.quirks))
    if (!context.quirks.media_in_results) {
      const media = result.content.filter((piece) => piece.type !== 'text')
      append(
        beside,
        media.map((piece) => toMedia(piece, context)),
      )
    }
  }
  return [...blocks, ...beside]
}

function toResult(result: ToolResult, context: BlockContext): ToolResultBlock {
  const { quirks, toToolId } = context
  const { callId, name, isError } = result
  const content = isError && !quirks.result_status ? withErrorMark(result) : result.content
  const held = content.flatMap((piece): (TextBlock | ImageBlock | DocumentBlock)[] => {
    if (piece.type === 'text') {
      return [{ text: piece.text }]
    }
    return quirks.media_in_results ? [toMedia(piece, context)] : []
  })
  // An empty result would look like a tool without output.
  const stead = content.length === 0 ? emptyText : '[see what follows]'
  return {
    toolResult: {
      toolUseId: toToolId(callId, name),
      content: held.length === 0 ? [{ text: stead }] : held,
      ...(isError && quirks.result_status ? { status: 'error' } : {}),
    },
  }
}

/** The cache point for Anthropic's `cache_control`; it follows what is to be cached. */
export function toCachePoint({ ttl }: CacheControl): CachePoint {
  return { cachePoint: { type: 'default', ...(ttl === '1h' ? { ttl } : {}) } }
}

/**
 * The cache point after the last content with `cache_control`, if the model accepts cache points in
 * messages.
 */
function toMark(pieces: readonly Content[], { cache_points }: BedrockQuirks): UserBlock[] {
  const mark = pieces.findLast((piece) => piece.cacheControl !== undefined)?.cacheControl
  return mark === undefined || !cache_points.includes('messages') ? [] : [toCachePoint(mark)]
}

function toMedia(
  piece: ImagePiece | PdfPiece,
  { documentNames }: BlockContext,
): ImageBlock | DocumentBlock {
  // URLs have been refused before.
  const { base64, mediaType } = 'url' in piece.source ? { base64: '', mediaType: '' } : piece.source
  return piece.type === 'image'
    ? { image: { format: toFormat(mediaType), source: { bytes: base64 } } }
    : {
        document: {
          format: 'pdf',
          name: documentNames.toName(piece.title),
          source: { bytes: base64 },
        },
      }
}

/** `image/png` → `png`. */
function toFormat(mediaType: string): string {
  const subtype = mediaType.toLowerCase().split('/')[1] ?? ''
  return subtype === 'jpg' ? 'jpeg' : subtype
}
