/** One HTTP response of the endpoint, and errors in Anthropic's envelope. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asObject, asString, parseJson } from '../../../anthropic/json.ts'
import { CheckFailure, excerpt } from '../finding.ts'

/**
 * One HTTP response, read to its end. `json` is undefined if the body is not an object; `isBroken` means that
 * the connection ended early.
 */
export interface Reply {
  status: number
  headers: Headers
  text: string
  /** The body, if it is a JSON object. */
  json: JsonObject | undefined
  /** Whether the connection broke before the body ended. */
  isBroken: boolean
}

/** Reads a response to its end. */
export async function readReply(response: Response): Promise<Reply> {
  const { status, headers } = response
  let text = ''
  let isBroken = false
  const decoder = new TextDecoder()
  try {
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true })
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') {
      throw error
    }
    // What came before it counts.
    isBroken = true
  }
  return { status, headers, text, json: asObject(parseJson(text)), isBroken }
}

/** The error of Anthropic's envelope. */
export interface WireError {
  type: string
  message: string
  /** The stable code of some errors, `details.error_code`. */
  code: string | undefined
}

/** The error of a body in Anthropic's envelope; undefined if the body is another. */
export function errorOf(json: JsonObject | undefined): WireError | undefined {
  const error = asObject(json?.['error'])
  const type = asString(error?.['type'])
  const message = asString(error?.['message'])
  if (json?.['type'] !== 'error' || type === undefined || message === undefined || message === '') {
    return undefined
  }
  return { type, message, code: asString(asObject(error?.['details'])?.['error_code']) }
}

/** A request was rejected that the check expected to be answered. */
export class Rejection extends CheckFailure {
  override readonly name = 'Rejection'
  /** Whether the error is clear to the client: a 4xx that is no matter of keys, limits or retries, in the envelope. */
  readonly isClean: boolean

  constructor(reply: Reply) {
    const error = errorOf(reply.json)
    super(`${reply.status}: ${excerpt(error?.message ?? (reply.text || 'empty body'))}`)
    this.isClean = error !== undefined && [400, 404, 405, 413, 422, 501].includes(reply.status)
  }
}

/** Throws a {@link Rejection} unless the status is 200. */
export function accepted(reply: Reply): Reply {
  if (reply.status !== 200) {
    throw new Rejection(reply)
  }
  return reply
}
