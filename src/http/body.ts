/** Reads a client's body once: bounded and decompressed. */
import { GatewayError, invalidRequest } from '../anthropic/error.ts'
import type { RequestBody } from '../exchange/request/body.ts'
import type { BodyHold } from '../exchange/request/long-bodies.ts'
import { longBodyBounds } from '../exchange/request/long-bodies.ts'
import type { BodyText } from '../exchange/request/parse-body.ts'
import {
  createBodyDecoder,
  decodeBody,
  maxBodyBytes,
  parseBody,
  parseBodyText,
} from '../exchange/request/parse-body.ts'
import { createBodyReads } from '../streaming/body-reads.ts'

/** The length in bytes up to which a body is read and decoded at once, which is faster. */
const maxShortBytes = 512 * 1024

/** The most bytes that a read of a longer body returns. */
const readBytes = 64 * 1024

/**
 * Reads a JSON object. Throws a GatewayError `too_large` or `invalid_request`, or `overloaded` where `hold` cannot
 * grow: until it can, a long body waits unread.
 */
export async function readBody(request: Request, hold?: BodyHold): Promise<RequestBody> {
  const { headers } = request
  const declared = headers.get('content-length')
  if (Number(declared ?? 0) > maxBodyBytes) {
    throw new GatewayError({ kind: 'too_large', reason: undefined })
  }
  const encoding = headers.get('content-encoding')?.toLowerCase() ?? 'identity'
  const length = Number(declared ?? Infinity)
  if (request.body === null || (encoding === 'identity' && length <= maxShortBytes)) {
    return parseBody(new Uint8Array(await request.arrayBuffer()))
  }
  return parseBodyText(await readLong(request.body, { encoding, length }, hold))
}

/** Reads a body of any length, or of a length that is not known before. */
async function readLong(
  body: ReadableStream<Uint8Array>,
  { encoding, length }: { encoding: string; length: number },
  hold: BodyHold | undefined,
): Promise<BodyText> {
  if (encoding !== 'identity') {
    return readBounded(decompressed(body, encoding), { hold, toError: toDecompressionError })
  }
  if (length > maxBodyBytes) {
    return readBounded(body, { hold })
  }
  await hold?.grow(length)
  return readBounded(body)
}

/** Reads a text of the same length at most, such as a catalog. Throws a GatewayError as {@link readBody} does. */
export async function readText({ body }: Request): Promise<string> {
  return body === null ? '' : (await readBounded(body)).text
}

/**
 * Decompresses a body. The decompressed length is bounded, since a small body may decompress to a
 * huge one.
 */
export function decompressed(
  body: ReadableStream<Uint8Array>,
  encoding: string,
): ReadableStream<Uint8Array> {
  switch (encoding) {
    case 'identity':
      return body
    case 'gzip':
    case 'deflate':
      return body.pipeThrough(new DecompressionStream(encoding))
    default:
      throw invalidRequest(
        `content-encoding: ${encoding} is not supported; send identity, gzip or deflate.`,
        undefined,
        'request_body_encoding_unsupported',
      )
  }
}

/**
 * Decodes a body as it is read. Decoded at once, a long one would be in memory several times: decoding
 * it takes 15 times its size in workerd if some of its characters are outside of Latin-1. Reads into reused
 * memory cost less than half of what the stream's own chunks do. `hold` grows with a body whose length is not
 * known before.
 */
async function readBounded(
  body: ReadableStream<Uint8Array>,
  { hold, toError }: { hold?: BodyHold | undefined; toError?: (error: unknown) => unknown } = {},
): Promise<BodyText> {
  const { read, cancel } = createBodyReads(body, { bytes: readBytes })
  const decoder = createBodyDecoder()
  let text = ''
  let byteLength = 0
  let value: Uint8Array | undefined
  for (;;) {
    const result = await read(value).catch((error: unknown) => {
      throw toError?.(error) ?? error
    })
    value = result.value
    if (result.done || value === undefined) {
      hold?.shrink(byteLength)
      return { text: text + decodeBody(decoder), byteLength }
    }
    byteLength += value.length
    if (byteLength > maxBodyBytes) {
      cancel()
      throw new GatewayError({ kind: 'too_large', reason: undefined })
    }
    if (byteLength > longBodyBounds.shortBytes) {
      await hold?.grow(maxBodyBytes)
    }
    text += decodeBody(decoder, value, true)
  }
}

function toDecompressionError(cause: unknown): GatewayError {
  return new GatewayError(
    {
      kind: 'invalid_request',
      message:
        'The request body could not be decompressed: it does not match its content-encoding.',
      code: 'request_body_encoding_invalid',
    },
    { cause },
  )
}
