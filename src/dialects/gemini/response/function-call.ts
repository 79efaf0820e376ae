/**
 * Function calls, complete or in deltas (`streamFunctionCallArguments`, which the gateway does not
 * request but an operator may): first the name, then values with their paths, then an empty call.
 *
 *   { name, args }
 *   { name, willContinue } · { partialArgs: [{ jsonPath: '$.id', stringValue, willContinue }], willContinue } · {}
 */
import { toExactText } from '../../../anthropic/exact-json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asString, isObject } from '../../../anthropic/json.ts'
import { addPartialArgs } from './partial-args.ts'

/** A complete function call, with its arguments as JSON. */
export interface CompleteCall {
  /** The function's name; `''` if there is none. */
  name: string
  /** The arguments as JSON; unterminated if the call was truncated. */
  json: string
  signature: string | undefined
  id: string | undefined
}

/** A function call whose arguments are incomplete. */
export interface ArrivingCall extends Omit<CompleteCall, 'json'> {
  args: JsonObject
}

/** Reads one `functionCall`: returns the calls that it completes, and the one that continues. */
export function readFunctionCall(
  before: ArrivingCall | undefined,
  fields: JsonObject,
  signature: string | undefined,
): { completed: CompleteCall[]; arriving: ArrivingCall | undefined } {
  const name = asString(fields['name']) ?? ''
  const isContinuation = before !== undefined && name === ''
  const call: ArrivingCall = isContinuation
    ? before
    : {
        name,
        args: isObject(fields['args']) ? { ...fields['args'] } : {},
        signature,
        id: asString(fields['id']) || undefined,
      }
  addPartialArgs(call.args, fields['partialArgs'])
  const completed = before !== undefined && !isContinuation ? [toCompleteCall(before)] : []
  return fields['willContinue'] === true
    ? { completed, arriving: call }
    : { completed: [...completed, toCompleteCall(call)], arriving: undefined }
}

/**
 * A call that was truncated. Its JSON stays unterminated, so that no client takes it for complete.
 */
export function truncateCall(call: ArrivingCall): CompleteCall {
  const completed = toCompleteCall(call)
  return { ...completed, json: completed.json.slice(0, -1) }
}

function toCompleteCall({ args, ...call }: ArrivingCall): CompleteCall {
  return { ...call, json: toExactText(args) }
}
