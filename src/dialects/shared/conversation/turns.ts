/**
 * A conversation in the form that every upstream accepts, whatever the client sent: consecutive
 * turns of one role are one turn, every tool call has exactly one result, directly after it and in
 * the order of the calls, and nothing is empty.
 *
 *   client's messages ─▶ read messages (read-messages.ts: blocks read, empty ones removed, neighbors merged)
 *                     ─▶ exchanges (one assistant turn and all that follows it)
 *                     ─▶ turns (results paired with calls)
 */
import type { MessageParam } from '../../../anthropic/request/request.ts'
import { append } from '../../../platform/append.ts'
import type { Content, ContentContext } from './content.ts'
import { emptyText, readMessages } from './read-messages.ts'
import type { HistoryCall, HistoryResult, ReadMessage, TextOrThinking } from './read-messages.ts'

/** The result of one tool call. */
export interface ToolResult {
  path: string
  callId: string
  /** The tool's name for the upstream. */
  name: string
  isError: boolean
  content: Content[]
}

/** An assistant's output that is not a tool result. */
type Output = TextOrThinking | HistoryCall

/**
 * A turn of a conversation. Tool results have turns of their own, directly after the calls that they belong
 * to.
 */
export type Turn =
  | { role: 'system'; path: string; text: string }
  | { role: 'user'; content: Content[] }
  | { role: 'assistant'; content: Output[] }
  /** One result for each call of the assistant turn before it. */
  | { role: 'results'; results: ToolResult[] }

/** A turn that is more than a text. */
export type ContentTurn = Exclude<Turn, { role: 'system' }>

/** A message between two assistant turns. */
type FollowingMessage = Exclude<ReadMessage, { role: 'assistant' }>

/** An assistant turn and everything up to the next one. The first exchange may have none. */
interface Exchange {
  output: (Output | HistoryResult)[]
  following: FollowingMessage[]
}

const interrupted = '[no result: tool call was interrupted]'

/** Converts the client's messages to turns that every upstream accepts. */
export function toTurns(messages: readonly MessageParam[], context: ContentContext): Turn[] {
  const unmerged: Turn[] = []
  for (const exchange of toExchanges(readMessages(messages, context))) {
    append(unmerged, fromExchange(exchange, context))
  }
  const turns = mergeAssistantTurns(unmerged)
  const isAddressed = turns.some((turn) => turn.role === 'user' || turn.role === 'results')
  const empty: Turn = {
    role: 'user',
    content: [{ type: 'text', path: 'messages', text: emptyText }],
  }
  return isAddressed ? turns : [...turns, empty]
}

/** Merges adjacent assistant turns. */
export function mergeAssistantTurns(turns: readonly Turn[]): Turn[] {
  const merged: Turn[] = []
  for (const turn of turns) {
    const last = merged.at(-1)
    if (turn.role !== 'assistant') {
      merged.push(turn)
    } else if (last?.role === 'assistant') {
      append(last.content, turn.content)
    } else {
      merged.push({ ...turn, content: [...turn.content] })
    }
  }
  return merged
}

/** The content of a result for upstreams without an error flag: a failed one begins with a note. */
export function withErrorMark({ path, content, isError }: ToolResult): Content[] {
  if (!isError) {
    return content
  }
  const [first, ...rest] = content
  return first?.type === 'text'
    ? [{ ...first, text: `Error: ${first.text}` }, ...rest]
    : [{ type: 'text', path, text: 'Error: the tool failed.' }, ...content]
}

function toExchanges(messages: readonly ReadMessage[]): Exchange[] {
  const exchanges: Exchange[] = [{ output: [], following: [] }]
  for (const message of messages) {
    if (message.role === 'assistant') {
      exchanges.push({ output: message.items, following: [] })
    } else {
      exchanges.at(-1)?.following.push(message)
    }
  }
  return exchanges
}

function fromExchange({ output, following }: Exchange, context: ContentContext): Turn[] {
  const results = new Map<string, HistoryResult[]>()
  for (const item of output) {
    if (item.type === 'call') {
      results.set(item.id, [])
    }
  }
  const rest = following.map((message) =>
    message.role === 'user'
      ? { role: message.role, items: message.items.filter((item) => !claim(item, results)) }
      : message,
  )
  for (const item of output) {
    if (item.type === 'result' && !claim(item, results)) {
      context.report.drop(item.path)
    }
  }
  const turns: Turn[] = []
  for (const content of splitAtResults(output)) {
    turns.push({ role: 'assistant', content })
    const calls = content.filter((item) => item.type === 'call')
    if (calls.length > 0) {
      turns.push({
        role: 'results',
        results: calls.map((call) => toResult(call, results, context)),
      })
    }
  }
  for (const message of rest) {
    append(turns, fromFollowing(message, context))
  }
  return turns
}

/** Assigns a result to its call; returns whether it is the result of one of these calls. */
function claim(
  item: Content | HistoryResult,
  results: ReadonlyMap<string, HistoryResult[]>,
): boolean {
  const claimed = item.type === 'result' ? results.get(item.callId) : undefined
  if (item.type !== 'result' || claimed === undefined) {
    return false
  }
  claimed.push(item)
  return true
}

/**
 * Splits an assistant message at results: Anthropic's server tools have results inside it, but in
 * other protocols a result ends the turn.
 */
function splitAtResults(items: readonly (Output | HistoryResult)[]): Output[][] {
  const chunks: Output[][] = []
  let isOpen = false
  for (const item of items) {
    if (item.type === 'result') {
      isOpen = false
    } else if (isOpen) {
      chunks.at(-1)?.push(item)
    } else {
      chunks.push([item])
      isOpen = true
    }
  }
  return chunks
}

function toResult(
  call: HistoryCall,
  claimed: ReadonlyMap<string, readonly HistoryResult[]>,
  { report }: ContentContext,
): ToolResult {
  const results = claimed.get(call.id) ?? []
  const [first] = results
  const head = { callId: call.id, name: call.name }
  if (first === undefined) {
    const { path } = call
    report.map(path, interrupted)
    return { ...head, path, isError: false, content: [{ type: 'text', path, text: interrupted }] }
  }
  return {
    ...head,
    path: first.path,
    isError: results.some((result) => result.isError),
    content: results.length === 1 ? first.content : results.flatMap(({ content }) => content),
  }
}

function fromFollowing(message: FollowingMessage, { report }: ContentContext): Turn[] {
  if (message.role === 'system') {
    return [message]
  }
  const content: Content[] = []
  for (const item of message.items) {
    if (item.type === 'result') {
      report.map(item.path, 'text')
      append(content, toOrphan(item))
    } else {
      content.push(item)
    }
  }
  return content.length === 0 ? [] : [{ role: 'user', content }]
}

/**
 * Converts a result without a call (the history was truncated) to text, which is still useful to
 * the model.
 */
function toOrphan({ path, content }: HistoryResult): Content[] {
  return content.length === 0 ? [] : [{ type: 'text', path, text: 'Tool result:' }, ...content]
}
