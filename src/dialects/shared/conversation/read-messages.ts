/**
 * Reads the client's messages: blocks are classified, empty ones removed, and consecutive messages
 * of one role merged. Tool results are still where the client put them.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { isObject, parseJson } from '../../../anthropic/json.ts'
import type { ContentBlock, ToolResultBlock } from '../../../anthropic/request/content-block.ts'
import { findCompaction, toSummaryText } from '../../../anthropic/request/find-compaction.ts'
import type { MessageParam } from '../../../anthropic/request/request.ts'
import { append } from '../../../platform/append.ts'
import { toContent, toResultContent } from './content.ts'
import type { Content, ContentContext } from './content.ts'
import { joinTexts } from './join-texts.ts'
import { toServerCall, toServerResult } from './other-blocks.ts'
import { withoutBillingHeader } from './system-text.ts'

/** Text or thinking of an assistant message. */
export type TextOrThinking =
  | { type: 'text'; path: string; text: string }
  | { type: 'thinking'; path: string; text: string; signature?: string }

/** A tool call of an earlier answer. */
export interface HistoryCall {
  type: 'call'
  path: string
  id: string
  /** The tool's name for the upstream. */
  name: string
  input: JsonObject
}

/** A tool result, where the client has put it. */
export interface HistoryResult {
  type: 'result'
  path: string
  callId: string
  isError: boolean
  content: Content[]
}

/** A message of the client with its blocks classified. */
export type ReadMessage =
  | { role: 'system'; path: string; text: string }
  | { role: 'user'; items: (Content | HistoryResult)[] }
  | { role: 'assistant'; items: (TextOrThinking | HistoryCall | HistoryResult)[] }

/** The text of an empty user turn, which can neither be omitted nor be empty. */
export const emptyText = '(no content)'

interface PlacedMessage {
  role: MessageParam['role']
  blocks: { path: string; block: ContentBlock }[]
  /** Path of the content that the item belongs to. */
  path: string
}

/** Reads the client's messages in order, with consecutive ones of one role merged. */
export function readMessages(
  messages: readonly MessageParam[],
  context: ContentContext,
): ReadMessage[] {
  const all: ReadMessage[] = []
  reportClearings(messages, context)
  for (const placed of afterCompaction(messages, context)) {
    const message = toReadMessage(placed, context)
    const last = all.at(-1)
    if (message === undefined) {
      continue
    }
    if (message.role === 'user' && last?.role === 'user') {
      append(last.items, message.items)
    } else if (message.role === 'assistant' && last?.role === 'assistant') {
      append(last.items, message.items)
    } else {
      all.push(message)
    }
  }
  return all
}

/**
 * Whether a system message has expired: its `clear_at` is the next user message, which has come.
 */
function isCleared(message: MessageParam | undefined, hasLaterUser: boolean): boolean {
  return message?.role === 'system' && message.clear_at === 'next_user_message' && hasLaterUser
}

/** Reports unknown values of `clear_at`. */
function reportClearings(messages: readonly MessageParam[], { report }: ContentContext): void {
  for (const [index, { clear_at: clearAt }] of messages.entries()) {
    if (clearAt !== undefined && !clearings.has(clearAt)) {
      report.drop(`messages.${index}.clear_at`)
    }
  }
}

/** The supported values of `clear_at`. */
const clearings = new Set<unknown>(['next_user_message', 'never', null])

function place({ role, content }: MessageParam, index: number): PlacedMessage {
  const path = `messages.${index}.content`
  return {
    role,
    path,
    blocks:
      typeof content === 'string'
        ? [{ path, block: { type: 'text', text: content } }]
        : content.map((block, at) => ({ path: `${path}.${at}`, block })),
  }
}

/** The messages after the last compaction, whose summary replaces everything before it. */
function afterCompaction(
  messages: readonly MessageParam[],
  { report }: ContentContext,
): PlacedMessage[] {
  const found = findCompaction(messages)
  if (found === undefined) {
    return placeLasting(messages, 0)
  }
  const { message: index, block: at, summary } = found
  const path = `messages.${index}.content.${at}`
  report.map(path, 'text')
  const text = toSummaryText(summary)
  const [first, ...others] = placeLasting(messages, index)
  return [
    { role: 'user', path, blocks: [{ path, block: { type: 'text', text } }] },
    ...(first === undefined ? [] : [{ ...first, blocks: first.blocks.slice(at + 1) }]),
    ...others,
  ]
}

/** The messages from that index on which have not expired. */
function placeLasting(messages: readonly MessageParam[], from: number): PlacedMessage[] {
  const lastUser = messages.findLastIndex(({ role }) => role === 'user')
  return messages
    .map(place)
    .filter((_, index) => index >= from && !isCleared(messages[index], index < lastUser))
}

function toReadMessage(message: PlacedMessage, context: ContentContext): ReadMessage | undefined {
  switch (message.role) {
    case 'system':
      return toSystemMessage(message, context)
    case 'user':
      return toUserMessage(message, context)
    case 'assistant':
      return toAssistantMessage(message, context)
  }
}

function toSystemMessage(
  { path, blocks }: PlacedMessage,
  context: ContentContext,
): ReadMessage | undefined {
  const text = withoutBillingHeader(
    joinTexts(
      blocks.flatMap(({ path: at, block }) =>
        toContent(block, at, context).flatMap((piece) => (piece.type === 'text' ? piece.text : [])),
      ),
    ),
  )
  return text.trim() === '' ? undefined : { role: 'system', path, text }
}

function toUserMessage(
  { path, blocks }: PlacedMessage,
  context: ContentContext,
): ReadMessage | undefined {
  const items: (Content | HistoryResult)[] = []
  for (const { path: at, block } of blocks) {
    if (block.type === 'tool_result') {
      items.push(toHistoryResult(block, at, context))
    } else {
      append(items, toContent(block, at, context))
    }
  }
  if (items.length > 0) {
    return { role: 'user', items }
  }
  const hadText = blocks.some(({ block }) => block.type === 'text')
  return hadText ? { role: 'user', items: [{ type: 'text', path, text: emptyText }] } : undefined
}

function toHistoryResult(
  block: ToolResultBlock,
  path: string,
  context: ContentContext,
): HistoryResult {
  const content = toResultContent(block.content, path, context)
  const last = content.at(-1)
  if (last !== undefined && block.cache_control !== null && block.cache_control !== undefined) {
    last.cacheControl = block.cache_control
  }
  return {
    type: 'result',
    path,
    callId: block.tool_use_id,
    isError: block.is_error === true,
    content,
  }
}

function toAssistantMessage(
  { blocks }: PlacedMessage,
  context: ContentContext,
): ReadMessage | undefined {
  const items: (TextOrThinking | HistoryCall | HistoryResult)[] = []
  for (const { path, block } of blocks) {
    append(items, toSpeech(block, path, context))
  }
  // An aborted turn with only thinking has no content.
  return items.some((item) => item.type !== 'thinking') ? { role: 'assistant', items } : undefined
}

function toSpeech(
  block: ContentBlock,
  path: string,
  context: ContentContext,
): (TextOrThinking | HistoryCall | HistoryResult)[] {
  switch (block.type) {
    case 'text':
      return block.text.trim() === '' ? [] : [{ type: 'text', path, text: block.text }]
    case 'thinking': {
      const signature = block.signature ?? undefined
      return [
        {
          type: 'thinking',
          path,
          text: block.thinking,
          ...(signature === undefined ? {} : { signature }),
        },
      ]
    }
    case 'redacted_thinking':
      context.report.ignore(path)
      return []
    case 'tool_use':
      return [toCall(block, path, context)]
    case 'image':
    case 'document':
    case 'search_result':
    case 'tool_result':
      context.report.drop(path)
      return []
    case 'other': {
      const call = toServerCall(block)
      if (call !== undefined) {
        return [toCall(call, path, context)]
      }
      const result = toServerResult(block)
      if (result === undefined) {
        return toContent(block, path, context).flatMap((piece) =>
          piece.type === 'text' ? [{ type: 'text' as const, path, text: piece.text }] : [],
        )
      }
      const { callId, isError, text } = result
      return [{ type: 'result', path, callId, isError, content: [{ type: 'text', path, text }] }]
    }
  }
}

function toCall(
  { id, name, input }: { id: string; name: string; input?: unknown },
  path: string,
  context: ContentContext,
): HistoryCall {
  return { type: 'call', path, id, name: context.toolName(name), input: toInput(input) }
}

/** A call's arguments as an object: clients also send null, JSON as a string, and other values. */
function toInput(input: unknown): JsonObject {
  if (isObject(input)) {
    return input
  }
  if (input === null || input === undefined || input === '') {
    return {}
  }
  const parsed = typeof input === 'string' ? parseJson(input) : undefined
  return isObject(parsed) ? parsed : { input }
}
