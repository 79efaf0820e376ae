/** What a client receives of a recorded error, and what it should. */
import { toErrorReply } from '../../../src/anthropic/error-reply.ts'
import type { BoundDialect } from '../../../src/dialects/dialect.ts'
import type { Recording } from './recordings.ts'
import { readRecording } from './recordings.ts'

export interface HeardError {
  status: number
  type: string
  message: string
}

/** Where the provider's words are not for the client, or are received in the words that it acts on. */
const ourWording =
  /^(?:model: \S+$|prompt is too long(?:: \d+ tokens > \d+ maximum)?$|The (?:provider|gateway))/

export function hearError(recording: Recording, dialect: BoundDialect): HeardError {
  const { status, response_headers } = recording
  const headers = new Headers(response_headers)
  const body = new TextDecoder().decode(readRecording(recording))
  const reply = toErrorReply(dialect.toFailure({ status, headers, body }))
  return {
    status: reply.status,
    type: reply.type,
    message: ourWording.test(reply.message) ? theirWords(recording) : reply.message,
  }
}

/** By the status alone: bodies that say otherwise are deviations. */
export function toExpectedError(recording: Recording): HeardError {
  return { ...ofStatus(recording.status), message: theirWords(recording) }
}

function theirWords({ provider, expected }: Recording): string {
  return `${provider}: ${expected.error?.message ?? ''}`
}

function ofStatus(status: number): { status: number; type: string } {
  switch (status) {
    case 401:
    case 403:
    case 500:
      return { status: 500, type: 'api_error' }
    case 404:
      return { status: 404, type: 'not_found_error' }
    case 429:
      return { status: 429, type: 'rate_limit_error' }
    default:
      return { status: 400, type: 'invalid_request_error' }
  }
}
