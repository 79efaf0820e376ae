/** An answer of the endpoint, read for what checks ask of it, whether it was streamed or not. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asCount, asObject, asString, parseJson } from '../../../anthropic/json.ts'
import type { StreamEvent } from '../rules/read-events.ts'
import type { Reply } from './reply.ts'

/** A message of the endpoint, read from a response or from the events of a stream. */
export interface Answer {
  reply: Reply
  message: JsonObject
  blocks: readonly JsonObject[]
  /** The text of all text blocks. */
  text: string
  /** The tool calls, server tools left out. */
  calls: readonly JsonObject[]
  stopReason: string | undefined
  stopSequence: string | undefined
  usage: Usage
}

/** The tokens of an answer; cache counts are undefined where the endpoint reports none. */
export interface Usage {
  input: number
  output: number
  cacheRead: number | undefined
  cacheWrite: number | undefined
}

/** Reads a message. */
export function toAnswer(reply: Reply, message: JsonObject): Answer {
  const blocks = asArray(message['content']).map((block) => asObject(block) ?? {})
  return {
    reply,
    message,
    blocks,
    text: ofType(blocks, 'text')
      .map(({ text }) => asString(text) ?? '')
      .join(''),
    calls: ofType(blocks, 'tool_use'),
    stopReason: asString(message['stop_reason']),
    stopSequence: asString(message['stop_sequence']),
    usage: toUsage(asObject(message['usage'])),
  }
}

/** The blocks of a type. */
export function ofType(blocks: readonly JsonObject[], type: string): readonly JsonObject[] {
  return blocks.filter((block) => block['type'] === type)
}

function toUsage(usage: JsonObject | undefined): Usage {
  return {
    input: asCount(usage?.['input_tokens']) ?? 0,
    output: asCount(usage?.['output_tokens']) ?? 0,
    cacheRead: asCount(usage?.['cache_read_input_tokens']),
    cacheWrite: asCount(usage?.['cache_creation_input_tokens']),
  }
}

/** Folds the events of a stream into a message, by the rules of Anthropic's SDKs; later usage overwrites earlier. */
export function foldEvents(events: readonly StreamEvent[]): JsonObject {
  let message: JsonObject = {}
  const blocks: JsonObject[] = []
  for (const { data } of events) {
    const event = asObject(parseJson(data)) ?? {}
    const index = asCount(event['index']) ?? 0
    switch (event['type']) {
      case 'message_start':
        message = { ...asObject(event['message']) }
        break
      case 'content_block_start':
        blocks[index] = { ...asObject(event['content_block']) }
        break
      case 'content_block_delta':
        blocks[index] = addDelta(blocks[index] ?? {}, asObject(event['delta']) ?? {})
        break
      case 'message_delta': {
        const usage = { ...asObject(message['usage']), ...present(asObject(event['usage'])) }
        message = { ...message, ...asObject(event['delta']), usage }
        break
      }
    }
  }
  return { ...message, content: blocks.filter((block) => block !== undefined).map(withInput) }
}

function addDelta(block: JsonObject, delta: JsonObject): JsonObject {
  const append = (field: string, more: unknown): JsonObject => ({
    ...block,
    [field]: `${asString(block[field]) ?? ''}${asString(more) ?? ''}`,
  })
  switch (delta['type']) {
    case 'text_delta':
      return append('text', delta['text'])
    case 'thinking_delta':
      return append('thinking', delta['thinking'])
    case 'input_json_delta':
      return append('partial_json', delta['partial_json'])
    case 'signature_delta':
      return { ...block, signature: delta['signature'] }
    case 'citations_delta':
      return { ...block, citations: [...asArray(block['citations']), delta['citation']] }
    default:
      return block
  }
}

function withInput({ partial_json: json, ...block }: JsonObject): JsonObject {
  const input = parseJson(asString(json) ?? '')
  return input === undefined ? block : { ...block, input }
}

function present(fields: JsonObject | undefined): JsonObject {
  return Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => value !== null))
}
