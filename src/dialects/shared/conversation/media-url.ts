/** Images and PDFs as URLs, which is how OpenAI's protocols take both links and bytes. */
import type { MediaSource, PdfPiece } from './content.ts'

export function toMediaUrl(source: MediaSource): string {
  return 'url' in source ? source.url : `data:${source.mediaType};base64,${source.base64}`
}

/** Upstreams tell the kind of a file by the end of its name. */
export function toFileName({ title }: PdfPiece): string {
  const name = (title ?? '').trim() === '' ? 'document' : (title ?? '').trim()
  return name.toLowerCase().endsWith('.pdf') ? name : `${name}.pdf`
}
