/** Reads a client's body once: bounded and decompressed. */
import { GatewayError } from '../anthropic/error.ts'
import type { RequestBody } from '../exchange/request/body.ts'
import type { BodyText } from '../exchange/request/parse-body.ts'
import {
  createBodyDecoder,
  decodeBody,
  maxBodyBytes,
  parseBody,
  parseBodyText,
} from '../exchange/request/parse-body.ts'

/** The length in bytes up to which a body is read in one piece, which is faster. */
const maxShortBytes = 64 * 1024

/** Reads a JSON object. Throws a GatewayError `too_large` or `invalid_request`. */
export async function readBody(request: Request): Promise<RequestBody> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) {
    throw new GatewayError({ kind: 'too_large', reason: undefined })
  }
  const encoding = request.headers.get('content-encoding')?.toLowerCase() ?? 'identity'
  const length = Number(request.headers.get('content-length') ?? Infinity)
  if (request.body === null || (encoding === 'identity' && length <= maxShortBytes)) {
    return parseBody(new Uint8Array(await request.arrayBuffer()))
  }
  return parseBodyText(
    encoding === 'identity'
      ? await readBounded(request.body.getReader())
      : await readBounded(decompressed(request.body, encoding).getReader(), toDecompressionError),
  )
}

/** Reads a text of the same length at most, such as a catalog. Throws a GatewayError as {@link readBody} does. */
export async function readText({ body }: Request): Promise<string> {
  return body === null ? '' : (await readBounded(body.getReader())).text
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
      throw new GatewayError({
        kind: 'invalid_request',
        message: `content-encoding: ${encoding} is not supported; send identity, gzip or deflate.`,
        code: 'request_body_encoding_unsupported',
      })
  }
}

/**
 * Decodes a body as it is read. In one piece, a long one would be in memory several times: decoding
 * it takes 15 times its size in workerd if some of its characters are outside of Latin-1.
 */
async function readBounded(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  toError = (error: unknown): unknown => error,
): Promise<BodyText> {
  const decoder = createBodyDecoder()
  let text = ''
  let byteLength = 0
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw toError(error)
    })
    if (done) {
      return { text: text + decodeBody(decoder), byteLength }
    }
    byteLength += value.length
    if (byteLength > maxBodyBytes) {
      await reader.cancel()
      throw new GatewayError({ kind: 'too_large', reason: undefined })
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
