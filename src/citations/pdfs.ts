/** The pages of the PDFs that a request's answer is to cite. */
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../anthropic/json.ts'
import { fromBase64 } from '../platform/bytes.ts'
import type { PdfPages } from './sources.ts'

/** The bounds of one PDF: as many pages as Anthropic reads, and the characters of its text. */
const bounds = { maxPages: 100, maxCharacters: 2_000_000 }

/** The pages of a request's PDFs. A PDF that cannot be read is left out. */
export async function readPdfs({ messages }: JsonObject): Promise<PdfPages> {
  const pages = new Map<string, readonly string[]>()
  for (const data of new Set(asArray(messages).flatMap((message) => findPdfs(message)))) {
    const { readPdf } = await import('../documents/pdf-text.ts')
    const bytes = toBytes(data)
    const pdf = bytes && (await readPdf(bytes, bounds))
    if (pdf !== undefined) {
      pages.set(data, pdf.pages)
    }
  }
  return pages
}

/** The PDFs among the blocks of a message, and in results of tools. */
function findPdfs(holder: unknown): string[] {
  return asArray(asObject(holder)?.['content']).flatMap((block) => {
    if (!isObject(block)) {
      return []
    }
    const source = asObject(block['source'])
    const isPdf = source?.['type'] === 'base64' && source['media_type'] === 'application/pdf'
    const isCited = asObject(block['citations'])?.['enabled'] === true
    if (block['type'] === 'document' && isPdf && isCited) {
      return asString(source['data']) ?? []
    }
    return block['type'] === 'tool_result' ? findPdfs(block) : []
  })
}

function toBytes(data: string): Uint8Array | undefined {
  try {
    return fromBase64(data)
  } catch {
    // It is rejected where the request is checked.
    return undefined
  }
}
