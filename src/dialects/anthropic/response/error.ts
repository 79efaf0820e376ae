import { toErrorReply } from '../../../anthropic/error-reply.ts'
/**
 * Errors of hosts of Anthropic's protocol. Anthropic's own are passed on as received, since clients act on
 * their words; many hosts put other types, numbers or shapes in their place, or nothing but a page.
 */
import type { Failure } from '../../../anthropic/error.ts'
import { asObject, asString, parseJson } from '../../../anthropic/json.ts'
import type { TargetModel, UpstreamReply } from '../../dialect.ts'
import { isOverflowMessage } from '../../shared/errors/overflow.ts'
import { redact } from '../../shared/errors/redact.ts'
import { toEventFailure, toReplyFailure } from '../../shared/errors/upstream-error.ts'

/** An error of a host, and whether its body is Anthropic's own and may be passed through. */
export interface HostError {
  failure: Failure
  /**
   * Whether the client can be sent the error as received. It cannot where that has another shape or type,
   * contains a secret, or is about the gateway's own credential or credit: a client would blame its key.
   */
  isOriginal: boolean
}

/** A host, Anthropic or another: only Anthropic may have error types that are not known here. */
export interface Host extends TargetModel {
  isAnthropic: boolean
}

/** Reads a response with an error status. */
export function readErrorReply(reply: UpstreamReply, host: Host): HostError {
  const failure = toReplyFailure(reply, host)
  const json = parseJson(reply.body)
  const own = readOwnError(json)
  const isTrue =
    host.isAnthropic || (own?.type === toErrorReply(failure).type && hasStatus(failure, reply))
  return toHostError(failure, own, { isTrue, text: `${reply.body}\n${stringify(json)}` })
}

/** Classifies an error inside a stream, or in a body with status 200. */
export function readErrorEvent(body: unknown, host: Host): HostError {
  const failure = toEventFailure(body, host)
  const own = readOwnError(body)
  const isTrue = host.isAnthropic || own?.type === toErrorReply(failure).type
  return toHostError(failure, own, { isTrue, text: stringify(body) })
}

/** `{"type": "error", "error": {"type": "…", "message": "…"}}`, as far as it is read. */
interface OwnError {
  type: string
  message: string
}

/** Undefined for a body in any other shape. */
function readOwnError(body: unknown): OwnError | undefined {
  const holder = asObject(body)
  const error = asObject(holder?.['error'])
  const [type, message] = [asString(error?.['type']), asString(error?.['message'])]
  return holder?.['type'] === 'error' && type !== undefined && message !== undefined
    ? { type, message }
    : undefined
}

/** `isTrue`: whether its type and status are those on which a client does what helps. */
function toHostError(
  failure: Failure,
  own: OwnError | undefined,
  { isTrue, text }: { isTrue: boolean; text: string },
): HostError {
  const isOwn = own !== undefined && isTrue && !isOperatorsMatter(failure)
  if (!isOwn || failure.kind !== 'upstream_error') {
    return { failure, isOriginal: false }
  }
  const isClean = redact(text) === text
  // Clients compact a conversation on Anthropic's words for an overflow, and on no others.
  if (isOverflowMessage(failure.message)) {
    return { failure, isOriginal: isClean && isOverflowMessage(own.message) }
  }
  const message = redact(own.message.slice(0, maxMessage))
  return { failure: { ...failure, message }, isOriginal: isClean }
}

const maxMessage = 1000

function hasStatus(failure: Failure, { status }: UpstreamReply): boolean {
  return toErrorReply(failure).status === status
}

/** Whether the failure is of the gateway's own credential, permission or credit with the provider. */
function isOperatorsMatter(failure: Failure): boolean {
  const { type, headers } = toErrorReply(failure)
  return type === 'api_error' && headers['x-should-retry'] === 'false'
}

/** The JSON, in which no character of a secret is escaped; empty if it is nested too deeply. */
function stringify(json: unknown): string {
  try {
    return JSON.stringify(json) ?? ''
  } catch {
    return ''
  }
}
