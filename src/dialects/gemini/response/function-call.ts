/**
 * Function calls, whole or arriving in pieces (`streamFunctionCallArguments`, which the gateway does
 * not ask for but an operator may): first the name, then values with the path where they belong, then
 * a call of nothing.
 *
 *   { name, args }
 *   { name, willContinue } · { partialArgs: [{ jsonPath: '$.id', stringValue, willContinue }], willContinue } · {}
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asString, isObject } from '../../../anthropic/json.ts'
import { addPartialArgs } from './partial-args.ts'

export interface WholeCall {
  /** `''` where none was said. */
  name: string
  /** The arguments; not closed where the call was cut. */
  json: string
  signature: string | undefined
  id: string | undefined
}

/** A call that is not complete. */
export interface ArrivingCall extends Omit<WholeCall, 'json'> {
  args: JsonObject
}

/** Reads one `functionCall`: which calls are complete with it, and which goes on. */
export function readFunctionCall(
  before: ArrivingCall | undefined,
  fields: JsonObject,
  signature: string | undefined,
): { whole: WholeCall[]; arriving: ArrivingCall | undefined } {
  const name = asString(fields['name']) ?? ''
  const goesOn = before !== undefined && name === ''
  const call: ArrivingCall = goesOn
    ? before
    : {
        name,
        args: isObject(fields['args']) ? { ...fields['args'] } : {},
        signature,
        id: asString(fields['id']) || undefined,
      }
  addPartialArgs(call.args, fields['partialArgs'])
  const whole = before !== undefined && !goesOn ? [toWhole(before)] : []
  return fields['willContinue'] === true
    ? { whole, arriving: call }
    : { whole: [...whole, toWhole(call)], arriving: undefined }
}

/** A call whose end did not come. Its arguments stay open, so that nobody takes them for all. */
export function cutCall(call: ArrivingCall): WholeCall {
  const whole = toWhole(call)
  return { ...whole, json: whole.json.slice(0, -1) }
}

function toWhole({ args, ...call }: ArrivingCall): WholeCall {
  return { ...call, json: JSON.stringify(args) }
}
