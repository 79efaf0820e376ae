/** Fetches JSON documents for commands. */
import { asObject, asString, parseJson } from '../../anthropic/json.ts'
import { redact } from '../../dialects/shared/errors/redact.ts'
import { UserError } from '../platform/run-command.ts'

const defaultTimeoutMs = 30_000

/** Fetches and parses a document. Throws a UserError with the URL; headers are never part of the message. */
export async function fetchJson(
  url: string,
  headers: Record<string, string>,
  timeoutMs = defaultTimeoutMs,
): Promise<unknown> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) }).catch(
    (error: unknown) => {
      const cause = error instanceof Error ? (error.cause ?? error) : error
      throw new UserError(
        `Could not connect to ${url}: ${cause instanceof Error ? cause.message : 'no response'}`,
      )
    },
  )
  const text = await response.text()
  if (!response.ok) {
    throw new UserError(`${url} returned ${response.status}${describe(text)}`)
  }
  const value = parseJson(text)
  if (value === undefined) {
    throw new UserError(`${url} did not return JSON`)
  }
  return value
}

function describe(text: string): string {
  const body = asObject(parseJson(text))
  const error = asObject(body?.['error'])
  const message = asString(error?.['message']) ?? asString(body?.['message'])
  return message === undefined ? '' : `: ${redact(message).slice(0, 300)}`
}
