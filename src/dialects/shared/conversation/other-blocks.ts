/**
 * Blocks of types that no schema of ours lists: server tools and their results, MCP connector calls,
 * and whatever clients gain next. They come as the client sent them.
 */
import { asArray, asObject, asString, isObject } from '../../../anthropic/json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { imageBlock, textBlock } from '../../../anthropic/request/request.ts'
import type { ImageBlock, OtherBlock, TextBlock } from '../../../anthropic/request/request.ts'

/** A tool call that Anthropic's servers ran: `server_tool_use`, `mcp_tool_use`. */
export function toServerCall({
  raw,
}: OtherBlock): { id: string; name: string; input: unknown } | undefined {
  const id = asString(raw['id'])
  const name = asString(raw['name'])
  return raw.type.endsWith('tool_use') && id !== undefined && name !== undefined
    ? { id, name, input: raw['input'] }
    : undefined
}

/** What came of it: `web_search_tool_result` and its kin. */
export function toServerResult({
  raw,
}: OtherBlock): { callId: string; text: string; isError: boolean } | undefined {
  const callId = asString(raw['tool_use_id'])
  if (callId === undefined) {
    return undefined
  }
  const content = raw['content']
  const isError =
    raw['is_error'] === true ||
    (isObject(content) && (asString(content['type']) ?? '').endsWith('_error'))
  return { callId, text: toResultText(content), isError }
}

function toResultText(content: unknown): string {
  if (!isObject(content) && !Array.isArray(content)) {
    return asString(content) ?? ''
  }
  const texts = asArray(content).map((block) => asString(asObject(block)?.['text']))
  const isPlain = texts.length > 0 && texts.every((text) => text !== undefined)
  return isPlain ? texts.join('\n') : toJsonText(content)
}

/** The summary that stands for everything before it; undefined for other blocks and failed compactions. */
export function toCompactionSummary({ raw }: OtherBlock): string | undefined {
  return raw.type === 'compaction' ? asString(raw['content']) : undefined
}

/** Blocks that speak to Anthropic's servers and say nothing to a model. */
export function isSilent({ raw }: OtherBlock): boolean {
  return raw.type === 'fallback' || raw.type === 'compaction'
}

/** A tool that is added or removed in the middle of a conversation; undefined for other blocks. */
export function toToolChange({
  raw,
}: OtherBlock): { name: string; isRemoval: boolean } | undefined {
  const isRemoval = raw.type === 'tool_removal'
  const tool = isRemoval || raw.type === 'tool_addition' ? raw['tool'] : undefined
  const name = isObject(tool) ? asString(tool['name'] ?? tool['tool_name']) : undefined
  return name === undefined ? undefined : { name, isRemoval }
}

/** A bare object that is a content block outside of a list, as some tools return it. */
export function asContentBlock(value: JsonObject): TextBlock | ImageBlock | undefined {
  const text = textBlock.safeParse(value)
  if (text.success) {
    return text.data
  }
  const image = imageBlock.safeParse(value)
  return image.success ? image.data : undefined
}

/** Only Anthropic can read these. */
const opaque = new Set(['encrypted_content', 'encrypted_index', 'encrypted_stdout', 'signature'])

/** JSON for a model to read. Bytes in base64 would cost a fortune in tokens and are left out. */
export function toJsonText(value: unknown): string {
  return JSON.stringify(value, (key, item: unknown) => {
    if (opaque.has(key)) {
      return undefined
    }
    return isBytes(item) ? { ...item, data: '[binary data omitted]' } : item
  })
}

function isBytes(value: unknown): value is JsonObject {
  return (
    isObject(value) &&
    typeof value['data'] === 'string' &&
    [value['media_type'], value['mimeType'], value['media_type']].some(
      (type) => typeof type === 'string',
    )
  )
}
