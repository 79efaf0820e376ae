/**
 * Thinking of earlier turns. What an upstream signs or encrypts is valid for the account, and often the
 * server, that issued it: with another key, or another host of the same model, the conversation would be
 * refused for ever.
 */
import type { JsonObject } from '../json.ts'
import { asArray, isObject } from '../json.ts'
import type { Report } from '../report.ts'

/**
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
 * What the client sent without thinking in its messages, where an answer with an error status refuses
 * that; undefined where it does not, or there is none.
 */
export function withoutRefusedThoughts(
  { status, body }: { status: number; body: string },
  json: JsonObject,
): JsonObject | undefined {
  return (status === 400 || status === 422) && refusals.some((words) => words.test(body))
    ? withoutThoughts(json)
    : undefined
}

/** What the client sent without thinking in its messages; undefined where there is none. */
export function withoutThoughts(json: JsonObject): JsonObject | undefined {
  const messages = asArray(json['messages'])
  const left = messages.flatMap((message) => {
    const kept = isObject(message) ? withoutBlocks(message) : message
    return kept === undefined ? [] : [kept]
  })
  const isSame = left.length === messages.length && left.every((one, at) => one === messages[at])
  return isSame ? undefined : { ...json, messages: left }
}

/** Undefined for a message of nothing else, which may not be sent empty. */
function withoutBlocks(message: JsonObject): JsonObject | undefined {
  const content = message['content']
  if (!Array.isArray(content)) {
    return message
  }
  const left = content.filter((block) => !isThought(block))
  if (left.length === content.length) {
    return message
  }
  return left.length === 0 ? undefined : { ...message, content: left }
}

function isThought(block: unknown): boolean {
  return isObject(block) && (block['type'] === 'thinking' || block['type'] === 'redacted_thinking')
}

/** What the client sent with thinking disabled, which is reported; without effort, which some hosts reject beside it. */
export function withThinkingDisabled(json: JsonObject, report: Report): JsonObject {
  report.map('thinking', 'disabled')
  const config = json['output_config']
  const thinking = { type: 'disabled' }
  if (!isObject(config) || config['effort'] === undefined) {
    return { ...json, thinking }
  }
  report.ignore('output_config.effort')
  const { effort: _, ...rest } = config
  return { ...json, thinking, output_config: rest }
}
