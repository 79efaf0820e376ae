/** User content and tool results as parts. */
import { append } from '../../../platform/append.ts'
import type {
  Content,
  ImagePiece,
  MediaSource,
  PdfPiece,
} from '../../shared/conversation/content.ts'
import { joinTexts } from '../../shared/conversation/join-texts.ts'
import type { ToolResult } from '../../shared/conversation/turns.ts'
import type { GeminiQuirks } from '../quirks.ts'
import type { Blob, FileReference, FunctionResponsePart, UserPart } from '../wire.ts'

/** Translates user content to parts. */
export function toUserParts(pieces: readonly Content[]): UserPart[] {
  return pieces.flatMap((piece): UserPart[] => {
    switch (piece.type) {
      case 'text':
        return [{ text: piece.text }]
      case 'image':
        return [toMedia(piece)]
      case 'pdf':
        return piece.title === undefined
          ? [toMedia(piece)]
          : [{ text: `Document ${JSON.stringify(piece.title)}:` }, toMedia(piece)]
    }
  })
}

/**
 * The results of one turn: a function response for each call, in order, followed by the media that
 * responses cannot contain. Gemini pairs responses with calls by number and name.
 */
export function toResultParts(
  results: readonly ToolResult[],
  quirks: GeminiQuirks,
  idOf: (callId: string) => string,
): UserPart[] {
  const responses: FunctionResponsePart[] = []
  const beside: UserPart[] = []
  for (const { name, callId, isError, content } of results) {
    const [inside, outside] = divide(content, quirks)
    const text = toResultText(content, outside.length > 0)
    responses.push({
      functionResponse: {
        ...(quirks.call_ids ? { id: idOf(callId) } : {}),
        name,
        // Always text inside an object: keys of the tool's own JSON, such as `$ref`, would have a
        // meaning for Gemini.
        response: isError ? { error: text } : { output: text },
        ...(inside.length === 0 ? {} : { parts: inside }),
      },
    })
    append(beside, toUserParts(outside))
  }
  return [...responses, ...beside]
}

function toResultText(content: readonly Content[], isElsewhere: boolean): string {
  const text = joinTexts(content.flatMap((piece) => (piece.type === 'text' ? [piece.text] : [])))
  // An empty result would look like a tool without output.
  return text === '' && isElsewhere ? '[see what follows]' : text
}

/** Separates media that a function response can contain from other content. */
function divide(content: readonly Content[], quirks: GeminiQuirks): [Blob[], Content[]] {
  const inside: Blob[] = []
  const outside: Content[] = []
  for (const piece of content) {
    const media = piece.type === 'text' ? undefined : toMedia(piece)
    if (media === undefined) {
      continue
    }
    if (quirks.media_in_responses && isBlob(media) && held.has(media.inlineData.mimeType)) {
      inside.push(media)
    } else {
      outside.push(piece)
    }
  }
  return [inside, outside]
}

/**
 * The media types that a function response may contain
 * (https://ai.google.dev/gemini-api/docs/function-calling#multimodal).
 */
const held = new Set(['image/png', 'image/jpeg', 'image/webp', 'application/pdf'])

function isBlob(media: Blob | FileReference): media is Blob {
  return 'inlineData' in media
}

function toMedia({ type, source }: ImagePiece | PdfPiece): Blob | FileReference {
  return 'url' in source
    ? { fileData: { mimeType: guessType(type, source), fileUri: source.url } }
    : { inlineData: { mimeType: source.mediaType, data: source.base64 } }
}

const imageTypes: Record<string, string> = {
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  heic: 'image/heic',
  heif: 'image/heif',
}

/**
 * The media type of a URL, guessed from its extension: Google requires it, and Anthropic's URLs
 * have none.
 */
function guessType(type: 'image' | 'pdf', { url }: Extract<MediaSource, { url: string }>): string {
  if (type === 'pdf') {
    return 'application/pdf'
  }
  const [, ending = ''] = /\.(\w+)(?:[?#]|$)/.exec(url.toLowerCase()) ?? []
  return (Object.hasOwn(imageTypes, ending) ? imageTypes[ending] : undefined) ?? 'image/jpeg'
}
