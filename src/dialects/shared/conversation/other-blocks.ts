/**
 * Blocks of types without a schema: server tools and their results, MCP connector calls, and future
 * ones. They are not validated.
 */
import { asArray, asObject, asString, isObject } from '../../../anthropic/json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { imageBlock, textBlock } from '../../../anthropic/request/content-block.ts'
import type { ImageBlock, OtherBlock, TextBlock } from '../../../anthropic/request/content-block.ts'

/** Reads a tool call that Anthropic's servers ran: `server_tool_use`, `mcp_tool_use`. */
export function toServerCall({
  raw,
}: OtherBlock): { id: string; name: string; input: unknown } | undefined {
  const id = asString(raw['id'])
  const name = asString(raw['name'])
  return raw.type.endsWith('tool_use') && id !== undefined && name !== undefined
    ? { id, name, input: raw['input'] }
    : undefined
}

/** Reads its result: `web_search_tool_result` and similar blocks. */
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

const silentTypes = new Set(['fallback', 'compaction', 'mcp_tool_listing'])

/** Whether a block is only for Anthropic's servers, not for the model. */
export function isSilent({ raw }: OtherBlock): boolean {
  return silentTypes.has(raw.type)
}

/**
 * A tool result that is a single content block rather than a list, as some tools return it;
 * undefined if it is none.
 */
export function asContentBlock(value: JsonObject): TextBlock | ImageBlock | undefined {
  const text = textBlock.safeParse(value)
  if (text.success) {
    return text.data
  }
  const image = imageBlock.safeParse(value)
  return image.success ? image.data : undefined
}

/** Fields that only Anthropic can read. */
const opaque = new Set(['encrypted_content', 'encrypted_index', 'encrypted_stdout', 'signature'])

/** JSON for a model to read, without base64, which would cost many tokens. */
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
