/** Pieces of a user's turn, and results of tools, as parts. */
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
 * Results of one turn: a response for each, in the order of the calls, and then what did not go into
 * them. Upstreams count the responses and know them by name.
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
        // Always a text inside an object: keys of a tool's own JSON, such as `$ref`, mean something here.
        response: isError ? { error: text } : { output: text },
        ...(inside.length === 0 ? {} : { parts: inside }),
      },
    })
    beside.push(...toUserParts(outside))
  }
  return [...responses, ...beside]
}

function toResultText(content: readonly Content[], isElsewhere: boolean): string {
  const text = joinTexts(content.flatMap((piece) => (piece.type === 'text' ? [piece.text] : [])))
  // Nothing at all would look like a tool that returned nothing.
  return text === '' && isElsewhere ? '[see what follows]' : text
}

/** Media that a function response can hold, and media that stand beside it. */
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

/** https://ai.google.dev/gemini-api/docs/function-calling#multimodal */
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

/** Anthropic's links do not say what they lead to, and Google wants to know. */
function guessType(type: 'image' | 'pdf', { url }: Extract<MediaSource, { url: string }>): string {
  if (type === 'pdf') {
    return 'application/pdf'
  }
  const [, ending = ''] = /\.(\w+)(?:[?#]|$)/.exec(url.toLowerCase()) ?? []
  return (Object.hasOwn(imageTypes, ending) ? imageTypes[ending] : undefined) ?? 'image/jpeg'
}
