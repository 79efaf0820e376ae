/** An image and a document, small, and such that a check can find out whether they arrived. */
import { crc32, deflateSync } from 'node:zlib'

import type { JsonObject } from '../../../anthropic/json.ts'

const side = 64

/** A red square as a PNG with a palette of one color (https://www.w3.org/TR/png-3/). */
function redPng(): string {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 3], 8)
  const rows = Buffer.alloc(side * (side + 1))
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from([255, 0, 0])),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]).toString('base64')
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

/** A PDF of one page with a text. */
function pdfOf(text: string): string {
  const content = `BT /F1 24 Tf 40 120 Td (${text}) Tj ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 500 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, at) => {
    const offset = file.length
    file += `${at + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  const end = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`
  return Buffer.from(
    `${file}xref\n0 ${size}\n0000000000 65535 f \n${table}${end}`,
    'latin1',
  ).toString('base64')
}

/** An image block: a red square. */
export const redSquare: JsonObject = {
  type: 'image',
  source: { type: 'base64', media_type: 'image/png', data: redPng() },
}

/** The question that {@link redSquare} answers with `red`. */
export const whichColor = 'Which color fills the image? Answer with one word.'

/** A PDF with a text. */
export function pdfDocument(text: string): JsonObject {
  return {
    type: 'document',
    source: { type: 'base64', media_type: 'application/pdf', data: pdfOf(text) },
  }
}
