/** One request of a batch: read when the batch is created, and again when it runs. */
import { GatewayError, invalidRequest } from '../anthropic/error.ts'
import { unmarkExact } from '../anthropic/exact-json.ts'
import type { JsonObject } from '../anthropic/json.ts'
import { asObject, asString } from '../anthropic/json.ts'
import type { RequestBody } from '../exchange/request/body.ts'
import { toExact } from '../exchange/request/body.ts'
import { parseBody } from '../exchange/request/parse-body.ts'

const customIdForm = /^[a-zA-Z0-9_-]{1,64}$/

/** One request of a batch: the client's id of it, and the body of a Messages request. */
export interface BatchItem {
  customId: string
  params: JsonObject
}

/**
 * Checks the element of a new batch. What is in `params` is checked when the item runs, as at Anthropic. Throws a
 * GatewayError `invalid_request` or `too_large` with the path.
 */
export function readItem(element: Uint8Array, path: string): BatchItem {
  const { json } = withPath(path, () => parseBody(element))
  const { custom_id: customId, params } = json
  if (customId === undefined) {
    throw invalidRequest(`${path}.custom_id: Field required`)
  }
  if (typeof customId !== 'string' || !customIdForm.test(customId)) {
    throw invalidRequest(`${path}.custom_id: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'`)
  }
  const object = asObject(params)
  if (object === undefined) {
    throw invalidRequest(
      `${path}.params: ${params === undefined ? 'Field required' : 'Input should be a valid dictionary'}`,
    )
  }
  return { customId, params: object }
}

/** Puts an element on one line: line breaks outside of strings are whitespace, and strings have none. */
export function toLine(element: Uint8Array): Uint8Array {
  return element.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte))
}

/** Reads the line of an item, and what is sent for it. */
export function readLine(line: Uint8Array): { customId: string; body: RequestBody } {
  const element = parseBody(line)
  const customId = asString(element.json['custom_id']) ?? ''
  const json = asObject(element.json['params']) ?? {}
  const exact = element.mayBeInexact ? toExact(element)['params'] : json
  const text = unmarkExact(JSON.stringify(exact))
  const byteLength = new TextEncoder().encode(text).length
  return { customId, body: { ...element, json, text, byteLength } }
}

/** Checks what a batch does not allow in `params`. Throws a GatewayError `invalid_request`. */
export function checkParams(params: JsonObject): void {
  if (params['stream'] === true) {
    throw invalidRequest('stream: a request in a batch cannot be streamed')
  }
  if (params['max_tokens'] === 0) {
    throw invalidRequest('max_tokens: Input should be greater than or equal to 1')
  }
}

function withPath<Value>(path: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof GatewayError && error.failure.kind === 'invalid_request') {
      throw invalidRequest(`${path}: ${error.failure.message}`)
    }
    throw error
  }
}
