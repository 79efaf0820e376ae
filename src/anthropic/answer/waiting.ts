/**
 * Blocks that cannot be written yet. Anthropic's blocks are strictly sequential while upstreams
 * interleave, so what has no place in the open block waits here, in the order in which it began.
 */

import type { Part } from './part.ts'

export type WaitingBlock =
  | { kind: 'text'; text: string }
  | { kind: 'thinking'; text: string; signature: string | undefined }
  | WaitingCall

export interface WaitingCall {
  kind: 'tool'
  call: number
  id: string
  name: string
  json: string
  /** Its arguments are complete. */
  complete: boolean
}

/** Adds text or thinking, to the last block where it continues that one. */
export function wait(
  waiting: WaitingBlock[],
  block: Exclude<WaitingBlock, { kind: 'tool' }>,
): void {
  const last = waiting.at(-1)
  if (last?.kind === 'text' && block.kind === 'text') {
    last.text += block.text
  } else if (
    last?.kind === 'thinking' &&
    block.kind === 'thinking' &&
    last.signature === undefined
  ) {
    last.text += block.text
    last.signature = block.signature
  } else {
    waiting.push(block)
  }
}

const maxWaitingBlocks = 10_000
const maxWaitingCharacters = 8 * 1024 * 1024

/** Whether more waits than an answer could be; `characters`: what came while something waited. */
export function waitsTooMuch(waiting: readonly WaitingBlock[], characters: number): boolean {
  return waiting.length > maxWaitingBlocks || characters > maxWaitingCharacters
}

/** Characters of content in a part. */
export function lengthOf(part: Part): number {
  switch (part.type) {
    case 'text-delta':
    case 'thinking-delta':
      return part.text.length
    case 'tool-delta':
      return part.json.length
    case 'signature':
      return part.signature.length
    case 'start':
    case 'text-end':
    case 'tool-start':
    case 'tool-end':
    case 'stop':
    case 'failure':
      return 0
  }
}

/** A call that waits. Throws where there is none of that number. */
export function waitingCall(waiting: readonly WaitingBlock[], call: number): WaitingCall {
  const found = waiting.find((block) => block.kind === 'tool' && block.call === call)
  if (found?.kind !== 'tool') {
    throw new PartOrderError(`arguments of call ${call}, which is not open`)
  }
  return found
}

/** A dialect pushed parts in an order that has no meaning: a bug of ours. */
export class PartOrderError extends Error {
  override readonly name = 'PartOrderError'
}

/** Marks every waiting call as complete. */
export function completeCalls(waiting: readonly WaitingBlock[]): void {
  for (const block of waiting) {
    if (block.kind === 'tool') {
      block.complete = true
    }
  }
}

/** Whether nothing waits that is said or called. */
export function hasOnlyThoughts(waiting: readonly WaitingBlock[]): boolean {
  return waiting.every(({ kind }) => kind === 'thinking')
}

/** Lets go of reasoning at the end of what waits. */
export function dropLastThoughts(waiting: WaitingBlock[]): void {
  while (waiting.at(-1)?.kind === 'thinking') {
    waiting.pop()
  }
}
