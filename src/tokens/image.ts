import { fromBase64 } from '../platform/bytes.ts'
/**
 * The tokens of an image: about one for 750 pixels, after scaling it down to 1568 pixels on its longest
 * side (https://docs.claude.com/en/docs/build-with-claude/vision). Only the header is decoded.
 */
export interface Size {
  width: number
  height: number
}

const pixelsPerToken = 750
const longestSide = 1568
/** Tokens of a large image. */
export const maxImageTokens = 1600

/** Base64 characters to decode: enough for the metadata that cameras write before a JPEG's size. */
const headerLength = 1024

/** The tokens of an image, from its base64 data; those of a large image if its size cannot be read. */
export function toImageTokens(data: string): number {
  const size = readSize(decodeHeader(data))
  if (size === undefined || size.width === 0 || size.height === 0) {
    return maxImageTokens
  }
  const shrink = Math.min(1, longestSide / Math.max(size.width, size.height))
  const pixels = size.width * size.height * shrink * shrink
  return Math.min(maxImageTokens, Math.ceil(pixels / pixelsPerToken))
}

/** Width and height from the first bytes of a PNG, GIF, WebP or JPEG. */
export function readSize(bytes: Uint8Array): Size | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = bytes.length < 30 ? 0 : view.getUint32(0)
  switch (magic) {
    case 0x89_50_4e_47:
      return { width: view.getUint32(16), height: view.getUint32(20) }
    case 0x47_49_46_38:
      return { width: view.getUint16(6, true), height: view.getUint16(8, true) }
    case 0x52_49_46_46:
      return readWebp(view)
    default:
      return magic >>> 16 === 0xff_d8 ? readJpeg(view) : undefined
  }
}

function readWebp(view: DataView): Size | undefined {
  switch (view.getUint32(12)) {
    case 0x56_50_38_58: // VP8X
      return {
        width: 1 + (view.getUint32(23, true) >>> 8),
        height: 1 + (view.getUint32(26, true) >>> 8),
      }
    case 0x56_50_38_4c: {
      // VP8L
      const bits = view.getUint32(21, true)
      return { width: 1 + (bits & 0x3f_ff), height: 1 + ((bits >>> 14) & 0x3f_ff) }
    }
    case 0x56_50_38_20: // VP8, lossy
      return {
        width: view.getUint16(26, true) & 0x3f_ff,
        height: view.getUint16(28, true) & 0x3f_ff,
      }
    default:
      return undefined
  }
}

/** Walks the segments up to the start of frame, which contains the size. */
function readJpeg(view: DataView): Size | undefined {
  for (let at = 2; at + 9 <= view.byteLength; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint8(at + 1)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (view.getUint8(at) !== 0xff) {
      return undefined
    }
    if (isFrame) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    }
  }
  return undefined
}

function decodeHeader(data: string): Uint8Array {
  const clean = data.slice(0, headerLength).replaceAll(/[^A-Za-z0-9+/]/g, '')
  return fromBase64(clean.slice(0, clean.length & ~3))
}
