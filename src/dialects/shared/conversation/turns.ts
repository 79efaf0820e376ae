/**
 * A conversation as every upstream can take it, whatever the client's looked like: turns of one role
 * in a row are one turn, every tool call has exactly one result right behind it and in the order of
 * the calls, nothing is empty.
 *
 *   client's messages ─▶ entries (entries.ts: blocks read, empties gone, neighbours merged)
 *                     ─▶ exchanges (one assistant turn and all that follows it)
 *                     ─▶ turns (results paired with calls)
 */
import type { MessageParam } from '../../../anthropic/request/request.ts'
import type { Content, ContentContext } from './content.ts'
import { nothingSaid, toEntries } from './entries.ts'
import type { Call, Entry, Result, Speech } from './entries.ts'

/** The outcome of one call. */
export interface ToolResult {
  path: string
  callId: string
  /** The tool's name for the upstream. */
  name: string
  isError: boolean
  content: Content[]
}

export type Turn =
  | { role: 'system'; path: string; text: string }
  | { role: 'user'; content: Content[] }
  | { role: 'assistant'; content: (Speech | Call)[] }
  /** One result for each call of the assistant turn before it. */
  | { role: 'results'; results: ToolResult[] }

/** An assistant turn and everything up to the next one. The first exchange may have none. */
interface Exchange {
  speech: (Speech | Call | Result)[]
  following: Exclude<Entry, { role: 'assistant' }>[]
}

const interrupted = '[no result: tool call was interrupted]'

export function toTurns(messages: readonly MessageParam[], context: ContentContext): Turn[] {
  const turns = mergeAnswers(
    toExchanges(toEntries(messages, context)).flatMap((exchange) =>
      fromExchange(exchange, context),
    ),
  )
  const isAddressed = turns.some((turn) => turn.role === 'user' || turn.role === 'results')
  const nothing: Turn = {
    role: 'user',
    content: [{ type: 'text', path: 'messages', text: nothingSaid }],
  }
  return isAddressed ? turns : [...turns, nothing]
}

/** Where nothing is left of what stood between two answers, they are one. */
export function mergeAnswers(turns: readonly Turn[]): Turn[] {
  const merged: Turn[] = []
  for (const turn of turns) {
    const last = merged.at(-1)
    if (turn.role === 'assistant' && last?.role === 'assistant') {
      merged[merged.length - 1] = { ...last, content: [...last.content, ...turn.content] }
    } else {
      merged.push(turn)
    }
  }
  return merged
}

function toExchanges(entries: readonly Entry[]): Exchange[] {
  const exchanges: Exchange[] = [{ speech: [], following: [] }]
  for (const entry of entries) {
    if (entry.role === 'assistant') {
      exchanges.push({ speech: entry.items, following: [] })
    } else {
      exchanges.at(-1)?.following.push(entry)
    }
  }
  return exchanges
}

function fromExchange({ speech, following }: Exchange, context: ContentContext): Turn[] {
  const open = new Set(speech.filter((item) => item.type === 'call').map((call) => call.id))
  const answers = new Map<string, Result[]>()
  const claim = (item: Content | Result): boolean => {
    if (item.type !== 'result' || !open.has(item.callId)) {
      return false
    }
    answers.set(item.callId, [...(answers.get(item.callId) ?? []), item])
    return true
  }
  const rest = following.map((entry) =>
    entry.role === 'user' ? { ...entry, items: entry.items.filter((item) => !claim(item)) } : entry,
  )
  for (const item of speech) {
    if (item.type === 'result' && !claim(item)) {
      context.report.drop(item.path)
    }
  }
  const spoken = splitAtResults(speech).flatMap((chunk): Turn[] => {
    const calls = chunk.filter((item) => item.type === 'call')
    const turn: Turn = { role: 'assistant', content: chunk }
    return calls.length === 0
      ? [turn]
      : [turn, { role: 'results', results: calls.map((call) => toResult(call, answers, context)) }]
  })
  return [...spoken, ...rest.flatMap((entry) => fromFollowing(entry, context))]
}

/** Anthropic's own tools answer within the assistant's turn; elsewhere a result ends a turn. */
function splitAtResults(speech: readonly (Speech | Call | Result)[]): (Speech | Call)[][] {
  const chunks: (Speech | Call)[][] = []
  let isOpen = false
  for (const item of speech) {
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
  call: Call,
  answers: ReadonlyMap<string, readonly Result[]>,
  { report }: ContentContext,
): ToolResult {
  const results = answers.get(call.id)
  if (results === undefined) {
    report.map(call.path, interrupted)
  }
  return {
    path: results?.[0]?.path ?? call.path,
    callId: call.id,
    name: call.name,
    isError: results?.some((result) => result.isError) ?? false,
    content: results?.flatMap((result) => result.content) ?? [
      { type: 'text', path: call.path, text: interrupted },
    ],
  }
}

function fromFollowing(
  entry: Exclude<Entry, { role: 'assistant' }>,
  { report }: ContentContext,
): Turn[] {
  if (entry.role === 'system') {
    return [entry]
  }
  const content = entry.items.flatMap((item): Content[] => {
    if (item.type !== 'result') {
      return [item]
    }
    report.map(item.path, 'text')
    return toOrphan(item)
  })
  return content.length === 0 ? [] : [{ role: 'user', content }]
}

/** A result whose call is gone (history was trimmed) still tells the model something. */
function toOrphan({ path, content }: Result): Content[] {
  return content.length === 0 ? [] : [{ type: 'text', path, text: 'Tool result:' }, ...content]
}
