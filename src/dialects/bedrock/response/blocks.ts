import type { Part } from '../../../anthropic/answer/part.ts'
/**
 * The blocks of one answer, told as parts. They come one after the other; a stream says where each
 * ends, and begins no block but a tool's.
 *
 *   none ──text, reasoning, tool──▶ that ──stop, or another──▶ none
 *
 * What a block of reasoning carries is signed when it ends. Space that no text follows is let go: no
 * text block is begun with nothing in it.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asObject, asString, isObject } from '../../../anthropic/json.ts'
import type { ReadContext, TargetModel } from '../../dialect.ts'
import { signRedacted, signText } from '../reasoning.ts'

type Open =
  | { kind: 'none' }
  | { kind: 'text'; space: string; isSpeaking: boolean }
  | { kind: 'reasoning'; signature: string; redacted: string; isShown: boolean }
  | { kind: 'tool'; call: number }
  /** A call of a tool that ran at the upstream, which the client has not asked for. */
  | { kind: 'foreign' }

/** Lives for one answer. Made by {@link createBlocks}. */
export interface Blocks {
  target: TargetModel
  context: ReadContext
  open: Open
  calls: number
}

export function createBlocks(target: TargetModel, context: ReadContext): Blocks {
  return { target, context, open: { kind: 'none' }, calls: 0 }
}

/** `contentBlockStart.start`. */
export function startBlock(blocks: Blocks, start: unknown, parts: Part[]): void {
  endBlock(blocks, parts)
  const toolUse = asObject(asObject(start)?.['toolUse'])
  if (toolUse !== undefined) {
    startTool(blocks, toolUse, parts)
  }
}

/** `contentBlockDelta.delta`. */
export function readDelta(blocks: Blocks, delta: JsonObject, parts: Part[]): void {
  const { text, reasoningContent, toolUse } = delta
  if (typeof text === 'string') {
    say(blocks, text, parts)
  } else if (isObject(reasoningContent)) {
    think(blocks, reasoningContent, parts)
  } else if (isObject(toolUse)) {
    const json = asString(toolUse['input']) ?? ''
    if (blocks.open.kind === 'tool' && json !== '') {
      parts.push({ type: 'tool-delta', call: blocks.open.call, json })
    }
  }
}

/** The block that is open has ended, if there is one. */
export function endBlock(blocks: Blocks, parts: Part[]): void {
  const { open, target } = blocks
  blocks.open = { kind: 'none' }
  if (open.kind === 'tool') {
    parts.push({ type: 'tool-end', call: open.call })
  } else if (open.kind === 'reasoning') {
    if (open.redacted !== '') {
      parts.push({ type: 'signature', signature: signRedacted(target, open.redacted) })
    } else if (open.isShown || open.signature !== '') {
      parts.push({ type: 'signature', signature: signText(target, open.signature) })
    }
  }
}

/** A block of an answer that is no stream. */
export function readBlock(blocks: Blocks, block: JsonObject, parts: Part[]): void {
  const { text, reasoningContent, toolUse, citationsContent } = block
  if (isObject(toolUse)) {
    startBlock(blocks, { toolUse }, parts)
    const input = JSON.stringify(asObject(toolUse['input']) ?? {})
    readDelta(blocks, { toolUse: { input } }, parts)
  } else if (isObject(reasoningContent)) {
    const shown = asObject(reasoningContent['reasoningText']) ?? {}
    readDelta(blocks, { reasoningContent: { ...reasoningContent, ...shown } }, parts)
  } else if (isObject(citationsContent)) {
    readCited(blocks, citationsContent, parts)
    return
  } else if (typeof text === 'string') {
    say(blocks, text, parts)
    return
  }
  endBlock(blocks, parts)
}

/** Texts with sources are pieces of one text. */
function readCited(blocks: Blocks, { content }: JsonObject, parts: Part[]): void {
  for (const piece of Array.isArray(content) ? content.filter(isObject) : []) {
    say(blocks, asString(piece['text']) ?? '', parts)
  }
}

function startTool(blocks: Blocks, toolUse: JsonObject, parts: Part[]): void {
  if (toolUse['type'] === 'server_tool_use') {
    blocks.open = { kind: 'foreign' }
    return
  }
  const name = asString(toolUse['name']) ?? ''
  const { context } = blocks
  blocks.calls += 1
  const call = blocks.calls
  blocks.open = { kind: 'tool', call }
  parts.push({
    type: 'tool-start',
    call,
    id: context.newToolId(),
    name: context.toolNames.get(name) ?? name,
  })
}

function say(blocks: Blocks, text: string, parts: Part[]): void {
  if (blocks.open.kind !== 'text') {
    endBlock(blocks, parts)
    blocks.open = { kind: 'text', space: '', isSpeaking: false }
  }
  const { open } = blocks
  if (open.isSpeaking) {
    parts.push({ type: 'text-delta', text })
    return
  }
  open.space += text
  if (/\S/.test(text)) {
    open.isSpeaking = true
    parts.push({ type: 'text-delta', text: open.space })
  }
}

function think(blocks: Blocks, said: JsonObject, parts: Part[]): void {
  if (blocks.open.kind !== 'reasoning') {
    endBlock(blocks, parts)
    blocks.open = { kind: 'reasoning', signature: '', redacted: '', isShown: false }
  }
  const { open } = blocks
  const text = asString(said['text']) ?? ''
  open.signature += asString(said['signature']) ?? ''
  open.redacted += asString(said['redactedContent']) ?? ''
  if (text !== '') {
    open.isShown = true
    parts.push({ type: 'thinking-delta', text })
  }
}
