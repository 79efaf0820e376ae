/**
 * Reasoning in signatures. What a model signed or hid goes back verbatim, to models of the same maker
 * at the same provider: nobody else can read it.
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asString, isObject } from '../../anthropic/json.ts'
import { readSignature, toSignature } from '../../anthropic/signature.ts'
import type { DialectTarget, TargetModel } from '../dialect.ts'
import type { TextOrThinking } from '../shared/conversation/read-messages.ts'
import type { BedrockQuirks } from './quirks.ts'
import type { ReasoningBlock } from './wire.ts'

const dialect = 'bedrock'

type Thinking = Extract<TextOrThinking, { type: 'thinking' }>

/** The signature of a block whose text was shown. */
export function signText({ provider, model }: TargetModel, signature: string): string {
  const state = signature === '' ? {} : { s: { signature } }
  return toSignature({ d: dialect, p: provider, m: model, f: 'reasoningText', ...state })
}

/** The signature of a block that shows nothing. */
export function signRedacted({ provider, model }: TargetModel, redacted: string): string {
  return toSignature({ d: dialect, p: provider, m: model, f: 'redactedContent', s: { redacted } })
}

/** A thinking block on its way back; none where this model has no use for it. */
export function toReasoningBlocks(
  { text, signature }: Thinking,
  { provider, model, quirks }: DialectTarget<BedrockQuirks>,
): ReasoningBlock[] {
  const origin = readSignature(signature)
  const isOwn =
    origin?.d === dialect && origin.p === provider && toMaker(origin.m) === toMaker(model)
  if (!isOwn || quirks.replay === 'never') {
    return []
  }
  const state: JsonObject = isObject(origin.s) ? origin.s : {}
  const redacted = asString(state['redacted'])
  if (redacted !== undefined) {
    return [{ reasoningContent: { redactedContent: redacted } }]
  }
  const signed = asString(state['signature'])
  // A block whose text was omitted is nothing but its signature.
  if (signed === undefined && (text === '' || quirks.replay === 'signed')) {
    return []
  }
  const reasoningText = { text, ...(signed === undefined ? {} : { signature: signed }) }
  return [{ reasoningContent: { reasoningText } }]
}

/**
 * `us.anthropic.claude-sonnet-4-5-20250929-v1:0` → `anthropic`. A profile that is named by an ARN is
 * a maker of its own.
 */
function toMaker(model: string): string {
  const named = /([^/]*)$/.exec(model)?.[1] ?? model
  const [first = '', second = ''] = named.split('.')
  return regions.has(first) ? second : first
}

/** Of inference profiles (https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html). */
const regions = new Set(['us', 'us-gov', 'eu', 'apac', 'jp', 'au', 'ca', 'sa', 'global'])
