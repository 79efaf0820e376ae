/**
 * Reasoning in signatures. Signed or redacted reasoning is returned verbatim, and only to models of
 * the same vendor at the same provider, since no other can verify it.
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

/** The signature of a thinking block with visible text. */
export function signText({ provider, model }: TargetModel, signature: string): string {
  const state = signature === '' ? {} : { s: { signature } }
  return toSignature({ d: dialect, p: provider, m: model, f: 'reasoningText', ...state })
}

/** The signature of a thinking block with redacted content and no text. */
export function signRedacted({ provider, model }: TargetModel, redacted: string): string {
  return toSignature({ d: dialect, p: provider, m: model, f: 'redactedContent', s: { redacted } })
}

/**
 * Converts a thinking block of the history to reasoning blocks; empty if the model cannot use it.
 */
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
  // A block whose text was omitted has only its signature.
  if (signed === undefined && (text === '' || quirks.replay === 'signed')) {
    return []
  }
  const reasoningText = { text, ...(signed === undefined ? {} : { signature: signed }) }
  return [{ reasoningContent: { reasoningText } }]
}

/**
 * `us.anthropic.claude-sonnet-4-5-20250929-v1:0` → `anthropic`. An inference profile given by its
 * ARN counts as a vendor of its own.
 */
function toMaker(model: string): string {
  const named = model.slice(model.lastIndexOf('/') + 1)
  const [first = '', second = ''] = named.split('.')
  return regions.has(first) ? second : first
}

/**
 * The regional prefixes of inference profiles
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html).
 */
const regions = new Set(['us', 'us-gov', 'eu', 'apac', 'jp', 'au', 'ca', 'sa', 'global'])
