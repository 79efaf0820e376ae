/** The text of a response, by its content type. */
import type { WebFetchError } from '../../anthropic/answer/wire/server-tools.ts'
import { readBytes } from '../../platform/read-bytes.ts'
import type { FetchedPage } from '../back-ends/back-end.ts'
import { htmlToMarkdown } from './html-to-markdown.ts'

const htmlTypes = new Set(['text/html', 'application/xhtml+xml'])

/** Types whose text is worth reading as it is. */
const textTypes = /^text\/|^application\/(?:[\w.-]+\+)?(?:json|xml|yaml|javascript)$/

/** A page, or Anthropic's code for why it could not be read. */
export type PageRead = { page: FetchedPage } | { error: WebFetchError; detail: string | undefined }

/** Reads the page at `url`. Throws where the body is truncated. */
export async function readResponse(
  response: Response,
  url: string,
  maxBytes: number,
): Promise<PageRead> {
  const [type = '', ...parameters] = (response.headers.get('content-type') ?? 'text/plain').split(
    ';',
  )
  const mediaType = type.trim().toLowerCase()
  if (mediaType === 'application/pdf') {
    return readPdfPage(response, url)
  }
  if (!htmlTypes.has(mediaType) && !textTypes.test(mediaType)) {
    await response.body?.cancel()
    return { error: 'unsupported_content_type', detail: undefined }
  }
  const bytes = await readBytes(response.body, maxBytes)
  if (bytes === undefined) {
    return { error: 'content_too_large', detail: undefined }
  }
  const text = decode(bytes, parameters.join(';'))
  return {
    page: htmlTypes.has(mediaType)
      ? { url, ...htmlToMarkdown(text, url) }
      : { url, title: undefined, text },
  }
}

/** The greatest length of a PDF, most of which are images and fonts. */
const maxPdfBytes = 10_000_000

/**
 * The bounds of a PDF: as many pages as Anthropic reads
 * (https://docs.claude.com/en/docs/build-with-claude/pdf-support).
 */
const bounds = { maxPages: 100, maxCharacters: 400_000 }

async function readPdfPage(response: Response, url: string): Promise<PageRead> {
  const bytes = await readBytes(response.body, maxPdfBytes)
  if (bytes === undefined) {
    return { error: 'content_too_large', detail: undefined }
  }
  const { readPdf } = await import('../../documents/pdf-text.ts')
  const pdf = await readPdf(bytes, bounds)
  return pdf === undefined
    ? { error: 'unsupported_content_type', detail: 'direct: a PDF without text' }
    : { page: { url, title: pdf.title, text: pdf.pages.join('\n\n') } }
}

/** Decodes text by the charset of the header, or else of the document's own declaration. */
function decode(bytes: Uint8Array, parameters: string): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1024))
  const label =
    /charset="?([\w-]+)/i.exec(parameters)?.[1] ??
    /<meta[^>]{0,200}charset="?'?([\w-]+)/i.exec(head)?.[1]
  try {
    return new TextDecoder(label ?? 'utf-8').decode(bytes)
  } catch {
    // An unknown charset.
    return new TextDecoder().decode(bytes)
  }
}
