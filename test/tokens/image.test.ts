import { describe, expect, test } from 'vitest'

import { toImageTokens } from '../../src/tokens/image.ts'

/** The beginning of a file, as base64, filled up with what follows a header. */
function file(...bytes: number[]): string {
  return Buffer.concat([Buffer.from(bytes), Buffer.alloc(4000, 7)]).toString('base64')
}

const text = (letters: string): number[] => [...Buffer.from(letters)]
const big = (value: number): number[] => [value >> 8, value & 255]
const little = (value: number): number[] => [value & 255, value >> 8]

const png = (width: number, height: number): string =>
  file(
    0x89,
    ...text('PNG\r\n\x1a\n'),
    0,
    0,
    0,
    13,
    ...text('IHDR'),
    0,
    0,
    ...big(width),
    0,
    0,
    ...big(height),
  )
const gif = (width: number, height: number): string =>
  file(...text('GIF89a'), ...little(width), ...little(height))
const webp = (kind: string, ...rest: number[]): string =>
  file(...text('RIFF'), 0, 0, 0, 0, ...text(`WEBP${kind}`), 0, 0, 0, 0, ...rest)
const segment = (marker: number, ...rest: number[]): number[] => [
  0xff,
  marker,
  0,
  rest.length + 2,
  ...rest,
]
const jpeg = (width: number, height: number): string =>
  file(
    0xff,
    0xd8,
    ...segment(0xe0, ...text('JFIF'), 0, 1, 1, 0, 0, 1, 0, 1, 0, 0),
    ...segment(0xc2, 8, ...big(height), ...big(width), 3),
  )

describe('the token estimate of an image', () => {
  test.each([
    ['PNG', png(600, 500), 400],
    ['GIF', gif(300, 250), 100],
    ['JPEG', jpeg(750, 300), 300],
    ['WebP with extras', webp('VP8X', 0, 0, 0, 0, ...little(299), 0, ...little(249), 0), 100],
    ['lossless WebP', webp('VP8L', 0x2f, ...little(299 | (249 << 14)), (249 >> 2) & 255, 0), 100],
    ['lossy WebP', webp('VP8 ', 0, 0, 0, 0x9d, 0x01, 0x2a, ...little(300), ...little(250)), 100],
  ])(
    'the token estimate of an image is a token for 750 pixels of the size in its header (%s)',
    (_, data, tokens) => {
      expect(toImageTokens(data)).toBe(tokens)
    },
  )

  test('the token estimate of an image is at least 1 and at most that of a large image', () => {
    expect(toImageTokens(png(1, 1))).toBe(1)
    expect(toImageTokens(png(8000, 6000))).toBe(1600)
  })

  test('the token estimate of an image is made of the scaled size, so that a long thin one stays cheap', () => {
    expect(toImageTokens(png(15_680, 100))).toBe(Math.ceil((1568 * 10) / 750))
  })

  test.each([
    ['of an unknown kind', Buffer.from('<svg/>'.repeat(100)).toString('base64')],
    ['without data', ''],
    ['cut in its header', png(600, 500).slice(0, 20)],
    ['with a size of zero', png(0, 0)],
    ['that is not base64', '\u0000 %%%'],
  ])('the token estimate of an image %s is that of a large one', (_, data) => {
    expect(toImageTokens(data)).toBe(1600)
  })
})
