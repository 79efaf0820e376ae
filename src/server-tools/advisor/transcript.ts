/**
 * A conversation as text that another model reads: calls of tools whose results are still open, and tools that are
 * not offered to the reader, would make it no valid conversation of its own. Images and documents stay what they are.
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../../anthropic/json.ts'
import { toSummaryText } from '../../anthropic/request/find-compaction.ts'
import { append } from '../../platform/append.ts'
import { defined } from '../../platform/defined.ts'
import { blocksOf } from '../history/read-blocks.ts'

/** Content blocks of a user message. The same conversation with more at its end begins with the same blocks. */
export function toTranscript(
  { system, tools }: JsonObject,
  messages: readonly unknown[],
): JsonObject[] {
  const start = findStart(messages)
  const turns = messages.slice(start.message).flatMap((message, index) => {
    const from = index === 0 ? start.block : 0
    return isObject(message) ? renderMessage(message, from) : []
  })
  return [
    ...toText('system_prompt', textOf(system)),
    ...toText('tools', asArray(tools).flatMap(describeTool).join('\n')),
    ...turns,
  ]
}

/** The place of the last compaction, before which nothing counts. */
function findStart(messages: readonly unknown[]): { message: number; block: number } {
  for (let message = messages.length - 1; message >= 0; message -= 1) {
    const block = contentOf(messages[message]).findLastIndex(
      ({ type, content }) => type === 'compaction' && typeof content === 'string',
    )
    if (block !== -1) {
      return { message, block }
    }
  }
  return { message: 0, block: 0 }
}

/** A string is a block of text. */
function contentOf(message: unknown): readonly JsonObject[] {
  const content = asString(asObject(message)?.['content'])
  return content === undefined ? blocksOf(message) : [{ type: 'text', text: content }]
}

function renderMessage(message: JsonObject, from: number): JsonObject[] {
  const role = asString(message['role']) ?? 'user'
  const rendered: JsonObject[] = []
  let text: string[] = []
  const flush = (): void => {
    append(rendered, toText(role, text.join('\n')))
    text = []
  }
  for (const block of contentOf(message).slice(from)) {
    append(text, renderBlock(block))
    for (const attachment of attachmentsOf(block)) {
      flush()
      rendered.push(attachment)
    }
  }
  flush()
  return rendered
}

function renderBlock(block: JsonObject): string[] {
  const { type } = block
  switch (type) {
    case 'text':
      return textOf([block]) === '' ? [] : [textOf([block])]
    case 'compaction':
      return typeof block['content'] === 'string' ? [toSummaryText(block['content'])] : []
    case 'image':
    case 'document':
    case 'thinking':
    case 'redacted_thinking':
    case 'fallback':
    case 'mcp_tool_listing':
      return []
    default:
      return renderToolBlock(block, String(type))
  }
}

function renderToolBlock(block: JsonObject, type: string): string[] {
  const { name, input, content } = block
  if (type.endsWith('tool_use')) {
    // A call of the advisor has no arguments: it asks what this transcript is for.
    return type === 'server_tool_use' && name === 'advisor'
      ? []
      : [`<tool_call name="${String(name)}">${JSON.stringify(input)}</tool_call>`]
  }
  if (type.endsWith('_result')) {
    const isText = typeof content === 'string' || (Array.isArray(content) && content.every(isRead))
    return [`<tool_result>${isText ? textOf(content) : JSON.stringify(content)}</tool_result>`]
  }
  return [JSON.stringify(block)]
}

/** Whether a block of a result is rendered as text, or attached. */
function isRead(block: unknown): boolean {
  return ['text', 'image', 'document'].includes(asString(asObject(block)?.['type']) ?? '')
}

/** Images and documents of a block: itself, or those of a result. */
function attachmentsOf(block: JsonObject): JsonObject[] {
  const inner = String(block['type']).endsWith('_result') ? blocksOf(block) : [block]
  return inner.filter(({ type }) => type === 'image' || type === 'document').map(toAttachment)
}

/** Marks of the client's are for its own request. */
function toAttachment({ type, source, title, context }: JsonObject): JsonObject {
  return defined({ type, source, title, context })
}

function toText(tag: string, text: string): JsonObject[] {
  return text === '' ? [] : [{ type: 'text', text: `<${tag}>\n${text}\n</${tag}>` }]
}

/** The text of a string, or of the text blocks of a list. */
function textOf(content: unknown): string {
  return typeof content === 'string'
    ? content
    : asArray(content)
        .flatMap((block) => asString(asObject(block)?.['text']) ?? [])
        .join('\n')
}

function describeTool(tool: unknown): string[] {
  const { name, description, type } = asObject(tool) ?? {}
  const isAdvisor = asString(type)?.startsWith('advisor_') === true
  return isAdvisor || typeof name !== 'string'
    ? []
    : [`- ${name}${typeof description === 'string' ? `: ${description}` : ''}`]
}
