/** Reads a client's body once: bounded and decompressed. */
import { GatewayError } from '../anthropic/error.ts'
import type { RequestBody } from '../exchange/request/body.ts'
import { maxBodyBytes, parseBody } from '../exchange/request/parse-body.ts'
import { concatenate } from '../platform/bytes.ts'

/** Reads a JSON object. Throws a GatewayError `too_large` or `invalid_request`. */
export async function readBody(request: Request): Promise<RequestBody> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) {
    throw new GatewayError({ kind: 'too_large', reason: undefined })
  }
  return parseBody(await readBytes(request))
}

async function readBytes(request: Request): Promise<Uint8Array> {
  if (request.body === null) {
    return new Uint8Array()
  }
  const encoding = request.headers.get('content-encoding')?.toLowerCase() ?? 'identity'
  if (encoding === 'identity' && request.headers.has('content-length')) {
    return new Uint8Array(await request.arrayBuffer())
  }
  return readBounded(decompressed(request.body, encoding))
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

async function readBounded(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw new GatewayError(
        {
          kind: 'invalid_request',
          message:
            'The request body could not be decompressed: it does not match its content-encoding.',
          code: 'request_body_encoding_invalid',
        },
        { cause: error },
      )
    })
    if (done) {
      return concatenate(chunks)
    }
    length += value.length
    if (length > maxBodyBytes) {
      await reader.cancel()
      throw new GatewayError({ kind: 'too_large', reason: undefined })
    }
    chunks.push(value)
  }
}
