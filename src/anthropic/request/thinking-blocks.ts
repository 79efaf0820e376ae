/**
 * Removes thinking blocks of earlier turns. A signature or encrypted state is valid only for the
 * account, and often the server, that issued it: with another key, or another host of the same
 * model, the conversation would always be rejected.
 */
import type { JsonObject } from '../json.ts'
import { asArray, isObject } from '../json.ts'
import type { Report } from '../report.ts'

/**
 * Matches errors that reject thinking blocks:
 *
 *   messages.1.content.0: Invalid `signature` in `thinking` block                  Anthropic, Bedrock
 *   messages.3.content.0.thinking.signature: Field required                        Vertex AI
 *   invalid_encrypted_content: The encrypted content … could not be verified.      OpenAI
 *   The reasoning `encrypted_content` was not issued to this caller.               OpenAI
 *   Thought signature is not valid. / Corrupted thought signature.                 Gemini
 */
const refusals = [
  /invalid_encrypted_content/i,
  /\bencrypted[ _-]content\b.{0,200}\b(?:could not|cannot|can't|was not|were not|is not|not (?:valid|issued)|invalid|expired|failed|mismatch|belongs)/is,
  /\b(?:invalid|corrupted|expired|unknown|malformed|missing|mismatched)\b.{0,40}(?<![a-z])signatures?\b/is,
  /\b(?:thinking|thought|reasoning)\b.{0,60}(?<![a-z])signatures?\b.{0,60}\b(?:not valid|invalid|required|missing|mismatch|expired|could not|cannot|does not|failed|not issued)/is,
  /(?<![a-z])signatures?\b.{0,80}\b(?:thinking|thought|reasoning)\b.{0,60}\b(?:not valid|invalid|could not|cannot|does not|failed|mismatch)/is,
]

/**
 * The client's request without thinking blocks, if an error response rejects them; undefined if it
 * does not, or there are none.
 */
export function withoutRefusedThinkingBlocks(
  { status, body }: { status: number; body: string },
  json: JsonObject,
): JsonObject | undefined {
  return (status === 400 || status === 422) && refusals.some((words) => words.test(body))
    ? withoutThinkingBlocks(json)
    : undefined
}

/** The client's request without thinking blocks; undefined if there are none. */
export function withoutThinkingBlocks(json: JsonObject): JsonObject | undefined {
  const messages = asArray(json['messages'])
  const remaining = messages.flatMap((message) => {
    const kept = isObject(message) ? withoutBlocks(message) : message
    return kept === undefined ? [] : [kept]
  })
  const isSame =
    remaining.length === messages.length && remaining.every((one, at) => one === messages[at])
  return isSame ? undefined : { ...json, messages: remaining }
}

/** A message without thinking blocks; undefined if it had no others, since it must not be empty. */
function withoutBlocks(message: JsonObject): JsonObject | undefined {
  const content = message['content']
  if (!Array.isArray(content)) {
    return message
  }
  const remaining = content.filter((block) => !isThinkingBlock(block))
  if (remaining.length === content.length) {
    return message
  }
  return remaining.length === 0 ? undefined : { ...message, content: remaining }
}

function isThinkingBlock(block: unknown): boolean {
  return isObject(block) && (block['type'] === 'thinking' || block['type'] === 'redacted_thinking')
}

/**
 * The client's request with thinking disabled, which is reported, and without an effort, which some
 * hosts reject then.
 */
export function withThinkingDisabled(json: JsonObject, report: Report): JsonObject {
  report.map('thinking', 'disabled')
  const config = json['output_config']
  const thinking = { type: 'disabled' }
  if (!isObject(config) || config['effort'] === undefined) {
    return { ...json, thinking }
  }
  report.ignore('output_config.effort')
  const { effort: _, ...rest } = config
  const { output_config: _config, ...others } = json
  return Object.keys(rest).length === 0
    ? { ...others, thinking }
    : { ...json, thinking, output_config: rest }
}
