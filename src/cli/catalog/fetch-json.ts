/** One JSON document from somewhere, or a sentence for the person who wanted it. */
import { asObject, asString, parseJson } from '../../anthropic/json.ts'
import { redact } from '../../dialects/shared/errors/redact.ts'
import { UserError } from '../platform/stop.ts'

const defaultTimeoutMs = 30_000

/** Throws a UserError that names the URL, and never a header. */
export async function fetchJson(
  url: string,
  headers: Record<string, string>,
  timeoutMs = defaultTimeoutMs,
): Promise<unknown> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) }).catch(
    (error: unknown) => {
      const cause = error instanceof Error ? (error.cause ?? error) : error
      throw new UserError(
        `${url} cannot be reached: ${cause instanceof Error ? cause.message : 'no answer'}`,
      )
    },
  )
  const text = await response.text()
  if (!response.ok) {
    throw new UserError(`${url} answered ${response.status}${describe(text)}`)
  }
  const value = parseJson(text)
  if (value === undefined) {
    throw new UserError(`${url} did not answer JSON`)
  }
  return value
}

function describe(text: string): string {
  const body = asObject(parseJson(text))
  const error = asObject(body?.['error'])
  const message = asString(error?.['message']) ?? asString(body?.['message'])
  return message === undefined ? '' : `: ${redact(message).slice(0, 300)}`
}
