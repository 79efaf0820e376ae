import { expect, test } from 'vitest'

import { describeAttachment } from '../../src/demo/protocols/attachment.ts'

const png = btoa(
  '\u0089PNG\r\n\u001a\n....IHDR....\u0000\u0000\u0000\u0003PLTE\u00ff\u0000\u0000....',
)
const pdf = btoa('%PDF-1.4\nBT (The code word is HERON.) Tj (More.) Tj ET')

test.each([
  ['a PNG with a palette by its color', 'image', png, '[image: red]'],
  ['a data URL like its data', 'image', `data:image/png;base64,${png}`, '[image: red]'],
  ['a PDF by its text', 'file', pdf, '[file: The code word is HERON. More.]'],
  ['an image by URL by its kind', 'image', 'https://a.test/b.png', '[image]'],
  ['a PDF without visible text by its kind', 'file', btoa('%PDF-1.4'), '[file]'],
  ['a missing attachment by its kind', 'image', undefined, '[image]'],
])('the demo describes %s', (_, kind, data, description) => {
  expect(describeAttachment(kind, data)).toBe(description)
})
