import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { describe, expect, test } from 'vitest'

import { readBody } from '../../src/http/body.ts'

setFlagsFromString('--expose-gc')
const collect: unknown = runInNewContext('gc')

const mebibyte = 1024 * 1024
/** What the values of a body may take besides its text: 200,000 of them, of at most some hundred bytes. */
const valuesBytes = 24 * mebibyte

/** What the test runner may allocate meanwhile, whatever the size of the body. */
const otherBytes = mebibyte

function usedBytes(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Bytes in use right after a body was read, its garbage included; 0 if it was rejected before it was parsed. */
async function peakOf(text: string): Promise<number> {
  const bytes = new TextEncoder().encode(text)
  const request = new Request('http://gateway.test', {
    method: 'POST',
    body: bytes,
    headers: { 'content-length': String(bytes.length) },
  })
  if (typeof collect === 'function') {
    collect()
  }
  const before = usedBytes()
  const body = await readBody(request).catch(() => undefined)
  const after = usedBytes()
  return body === undefined ? 0 : after - before
}

const shapes: Record<string, (size: number) => string> = {
  'one long text': (size) => `{"a":"${'x'.repeat(size)}"}`,
  'text of two-byte characters': (size) => `{"a":"${'語'.repeat(size / 3)}"}`,
  numbers: (size) => `{"a":[${'0,'.repeat(size / 2)}0]}`,
  'empty arrays': (size) => `{"a":[${'[],'.repeat(size / 3)}0]}`,
  'empty objects': (size) => `{"a":[${'{},'.repeat(size / 3)}0]}`,
  'objects with one member': (size) => `{"a":[${'{"b":1},'.repeat(size / 8)}0]}`,
  'members with different names': (size) =>
    `{${Array.from({ length: size / 12 }, (_, index) => `"n${index}":0`).join(',')}}`,
  fractions: (size) => `{"a":[${'1.5,'.repeat(size / 4)}0]}`,
}

describe('the memory for a request body', { timeout: 60_000 }, () => {
  test.each(
    Object.keys(shapes).flatMap((shape) => [1, 4, 16].map((size) => [shape, size] as const)),
  )(
    'the memory for a request body of %s and %i MiB is at most 4 times its size (or 24 MiB for a small one), unless it is rejected first',
    async (shape, size) => {
      const text = shapes[shape]?.(size * mebibyte) ?? ''
      expect(await peakOf(text)).toBeLessThan(
        4 * size * mebibyte + (size < 8 ? valuesBytes : otherBytes),
      )
    },
  )
})

describe('a text that takes two bytes a character', { timeout: 60_000 }, () => {
  const send = (text: string) =>
    readBody(new Request('http://gateway.test', { method: 'POST', body: text }))

  test('a text that takes two bytes a character is rejected as too large if it has more than 16 Mi characters', async () => {
    const text = 'x'.repeat(16 * mebibyte)
    await expect(send(`{"a":"${text}語"}`)).rejects.toMatchObject({
      failure: { kind: 'too_large', reason: expect.stringContaining('16777216 characters') },
    })
  })

  test('a text that takes two bytes a character is accepted below that, and without such a character up to 32 MB', async () => {
    const text = 'x'.repeat(16 * mebibyte - 20)
    expect((await send(`{"a":"${text}語"}`)).json).toHaveProperty('a')
    expect((await send(`{"a":"${text}${text}é"}`)).json).toHaveProperty('a')
  })
})
