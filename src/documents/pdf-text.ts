/**
 * The text of a PDF, page by page, by Mozilla's PDF.js as `unpdf` builds it for runtimes without a DOM. Its
 * 1.6 MB are loaded with the first PDF; a page costs about 5 ms of CPU.
 */
import type { PDFDocumentProxy } from 'unpdf/pdfjs'

/** The title of a PDF, and the text of each page. */
export interface PdfText {
  title: string | undefined
  /** The text of each page, in order; empty for a page that is an image. */
  pages: readonly string[]
}

interface PdfBounds {
  maxPages: number
  /** The most characters of all pages together. */
  maxCharacters: number
}

/** Undefined where the bytes are no PDF that can be read, or it has no text. Never rejects. */
export async function readPdf(bytes: Uint8Array, bounds: PdfBounds): Promise<PdfText | undefined> {
  try {
    const { getDocument, VerbosityLevel } = await import('unpdf/pdfjs')
    // The bytes are taken over.
    const task = getDocument({
      data: bytes.slice(),
      isEvalSupported: false,
      useSystemFonts: true,
      verbosity: VerbosityLevel.ERRORS,
    })
    try {
      const document = await task.promise
      const pages = await readPages(document, bounds)
      const isText = pages.some((page) => page.trim() !== '')
      return isText ? { title: await readTitle(document), pages } : undefined
    } finally {
      await task.destroy()
    }
  } catch {
    // PDF.js throws errors of many kinds for damaged and for protected documents.
    return undefined
  }
}

async function readPages(
  document: PDFDocumentProxy,
  { maxPages, maxCharacters }: PdfBounds,
): Promise<string[]> {
  const pages: string[] = []
  let characters = 0
  while (pages.length < Math.min(document.numPages, maxPages) && characters < maxCharacters) {
    const page = await document.getPage(pages.length + 1)
    const { items } = await page.getTextContent()
    const text = items
      .map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : ''))
      .join('')
    page.cleanup()
    pages.push(text)
    characters += text.length
  }
  return pages
}

async function readTitle(document: PDFDocumentProxy): Promise<string | undefined> {
  const { info } = await document.getMetadata()
  const title: unknown = 'Title' in info ? info.Title : undefined
  return typeof title === 'string' && title.trim() !== '' ? title.trim() : undefined
}
