/**
 * The content blocks of one answer, which arrive one after the other. A stream reports the end of
 * each block, but the start only of tool use.
 *
 *   none ──text, reasoning, tool──▶ that ──stop, or another──▶ none
 *
 * The state of a reasoning block is signed when the block ends.
 */
import { toExactText } from '../../../anthropic/exact-json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../../../anthropic/json.ts'
import type { TargetModel } from '../../dialect.ts'
import type { PartBuilder } from '../../shared/answer/part-builder.ts'
import { signRedacted, signText } from '../reasoning.ts'

type OpenBlock =
  | { kind: 'none' }
  | { kind: 'text' }
  | { kind: 'reasoning'; signature: string; redacted: string }
  | { kind: 'tool'; call: number }
  /** A call of a tool that the upstream runs itself, which the client did not request. */
  | { kind: 'server-tool' }

/** Builds parts from the content blocks of one answer. */
export class Blocks {
  readonly #target: TargetModel
  readonly #parts: PartBuilder
  #open: OpenBlock = { kind: 'none' }

  constructor(target: TargetModel, parts: PartBuilder) {
    this.#target = target
    this.#parts = parts
  }

  /** Reads the `start` of a `contentBlockStart` event. */
  start(start: unknown): void {
    this.end()
    const toolUse = asObject(asObject(start)?.['toolUse'])
    if (toolUse?.['type'] === 'server_tool_use') {
      this.#open = { kind: 'server-tool' }
    } else if (toolUse !== undefined) {
      const call = this.#parts.startCall(asString(toolUse['name']) ?? '')
      this.#open = { kind: 'tool', call }
    }
  }

  /** Reads the `delta` of a `contentBlockDelta` event. */
  readDelta({ text, reasoningContent, toolUse }: JsonObject): void {
    if (typeof text === 'string') {
      this.#readText(text)
    } else if (isObject(reasoningContent)) {
      this.#readReasoning(reasoningContent)
    } else if (isObject(toolUse) && this.#open.kind === 'tool') {
      this.#parts.input(this.#open.call, asString(toolUse['input']) ?? '')
    }
  }

  /** Ends the open block, if there is one. */
  end(): void {
    const open = this.#open
    this.#open = { kind: 'none' }
    this.#parts.breakText()
    if (open.kind === 'tool') {
      this.#parts.endCall(open.call)
    } else if (open.kind === 'reasoning') {
      this.#sign(open)
    }
  }

  /** Reads a block of a non-streaming answer. */
  read({ text, reasoningContent, toolUse, citationsContent }: JsonObject): void {
    if (isObject(toolUse)) {
      this.start({ toolUse })
      const input = toExactText(asObject(toolUse['input']) ?? {})
      this.readDelta({ toolUse: { input } })
      this.end()
    } else if (isObject(reasoningContent)) {
      const shown = asObject(reasoningContent['reasoningText']) ?? {}
      this.#readReasoning({ ...reasoningContent, ...shown })
      this.end()
    } else if (isObject(citationsContent)) {
      // Texts with citations are segments of one text.
      for (const piece of asArray(citationsContent['content']).filter(isObject)) {
        this.#readText(asString(piece['text']) ?? '')
      }
    } else if (typeof text === 'string') {
      this.#readText(text)
    } else {
      this.end()
    }
  }

  #readText(text: string): void {
    if (this.#open.kind !== 'text') {
      this.end()
      this.#open = { kind: 'text' }
    }
    this.#parts.text(text)
  }

  #readReasoning(content: JsonObject): void {
    if (this.#open.kind !== 'reasoning') {
      this.end()
      this.#open = { kind: 'reasoning', signature: '', redacted: '' }
    }
    this.#open.signature += asString(content['signature']) ?? ''
    this.#open.redacted = joinBase64(
      this.#open.redacted,
      asString(content['redactedContent']) ?? asString(content['data']) ?? '',
    )
    this.#parts.thinking(asString(content['text']) ?? '')
  }

  #sign({ signature, redacted }: Extract<OpenBlock, { kind: 'reasoning' }>): void {
    if (redacted !== '') {
      this.#parts.sign(signRedacted(this.#target, redacted))
    } else if (this.#parts.isThinking || signature !== '') {
      this.#parts.sign(signText(this.#target, signature))
    }
  }
}

/**
 * Concatenates two base64 strings as bytes, since each delta is encoded with its own padding
 * (https://github.com/earendil-works/pi/pull/8314).
 */
function joinBase64(before: string, delta: string): string {
  if (!before.endsWith('=')) {
    return before + delta
  }
  try {
    return btoa(atob(before) + atob(delta))
  } catch {
    // Not base64: it is returned unchanged.
    return before + delta
  }
}
