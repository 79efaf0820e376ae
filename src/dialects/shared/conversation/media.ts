/**
 * Images and PDFs for models that cannot see them. In the history they become a line of text, since
 * a conversation may change models at any turn and must continue; in the last user message they are
 * rejected, so that no answer is about an image that the model did not see.
 */
import { invalidAt } from '../../../anthropic/error.ts'
import type { Report } from '../../../anthropic/report.ts'
import type { MessageParam } from '../../../anthropic/request/request.ts'
import type { TargetModel } from '../../dialect.ts'
import type { Content, ContentContext, ImagePiece, PdfPiece } from './content.ts'
import { toTurns } from './turns.ts'
import type { Turn } from './turns.ts'

interface MediaSupport {
  images: boolean
  /** Whether the upstream fetches images by URL. */
  imageUrls: boolean
  pdfs: boolean
  pdfUrls: boolean
}

interface MediaContext {
  support: MediaSupport
  report: Report
  /** `provider/model`, for error messages. */
  upstream: string
  /** Path of the last user message. */
  lastMessage: string
}

interface ConversationMediaContext extends Pick<ContentContext, 'toolName' | 'report'> {
  /** What the server supports; the model's own `takes` may restrict it, not extend it. */
  support: MediaSupport
}

/** Reads a conversation as turns, without media that the upstream does not support. */
export function toSupportedTurns(
  messages: readonly MessageParam[],
  { provider, model, takes }: TargetModel,
  { support, toolName, report }: ConversationMediaContext,
): Turn[] {
  const upstream = `${provider}/${model}`
  return withoutUnsupported(toTurns(messages, { report, upstream, toolName }), {
    support: {
      ...support,
      images: support.images && takes.images !== false,
      pdfs: support.pdfs && takes.pdfs !== false,
    },
    report,
    upstream,
    lastMessage: lastUserMessage(messages),
  })
}

/** Path of the last user message. */
function lastUserMessage(messages: readonly MessageParam[]): string {
  return `messages.${messages.findLastIndex((message) => message.role === 'user')}`
}

/**
 * Replaces unsupported media. Media in tool results are never rejected: the client could not remove
 * them, and every later request would fail too.
 */
function withoutUnsupported(turns: readonly Turn[], context: MediaContext): Turn[] {
  return turns.map((turn) => {
    switch (turn.role) {
      case 'user':
        return withSupported(turn, context)
      case 'results': {
        const inHistory = { ...context, lastMessage: '' }
        return { ...turn, results: turn.results.map((result) => withSupported(result, inHistory)) }
      }
      case 'assistant':
      case 'system':
        return turn
    }
  })
}

/** Most content is text, and stays the same object. */
function withSupported<Holder extends { content: Content[] }>(
  holder: Holder,
  context: MediaContext,
): Holder {
  return holder.content.every(({ type }) => type === 'text')
    ? holder
    : { ...holder, content: holder.content.map((piece) => check(piece, context)) }
}

function check(piece: Content, context: MediaContext): Content {
  if (piece.type === 'text') {
    return piece
  }
  const fault = findFault(piece, context.support)
  if (fault === undefined) {
    return piece
  }
  const { path } = piece
  if (context.lastMessage !== '' && path.startsWith(`${context.lastMessage}.`)) {
    const message = `${fault.refusal} not supported for ${context.upstream}.${fault.advice}`
    throw invalidAt(path, message)
  }
  context.report.drop(path)
  return { type: 'text', path, text: `[${fault.noun} omitted: ${fault.reason}]` }
}

interface Fault {
  noun: string
  refusal: string
  reason: string
  advice: string
}

function findFault(piece: ImagePiece | PdfPiece, support: MediaSupport): Fault | undefined {
  const isImage = piece.type === 'image'
  const noun = isImage ? 'image' : 'document'
  if (!(isImage ? support.images : support.pdfs)) {
    return isImage
      ? { noun, refusal: 'image input is', reason: 'model has no vision', advice: '' }
      : { noun, refusal: 'PDF input is', reason: 'model reads no PDFs', advice: '' }
  }
  if ('url' in piece.source && !(isImage ? support.imageUrls : support.pdfUrls)) {
    return {
      noun,
      refusal: `${noun} URLs are`,
      reason: `model cannot fetch ${piece.source.url}`,
      advice: ` Send the ${noun} as base64.`,
    }
  }
  return undefined
}
