/**
 * The reasoning and text of one answer, in an order that makes valid blocks: reasoning is signed
 * when text begins.
 *
 *   reasoning ──text: signature──▶ text
 *   text ──reasoning──▶ text, reasoning open: the text continues, the signature is deferred
 *   a tool call, the end: signature if reasoning is open
 */
import { toExactText } from '../../../anthropic/exact-json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../../../anthropic/json.ts'
import type { DialectTarget } from '../../dialect.ts'
import type { PartBuilder } from '../../shared/answer/part-builder.ts'
import type { ChatQuirks } from '../quirks.ts'
import { Reasoning, reasoningFields } from './reasoning.ts'
import type { Segment } from './think-tags.ts'
import { StrayTag, ThinkTags } from './think-tags.ts'
import type { ToolCalls } from './tool-calls.ts'

interface Options {
  target: DialectTarget<ChatQuirks>
  parts: PartBuilder
  calls: ToolCalls
  /** Whether the answer is not streaming. */
  isWhole: boolean
}

/** Builds the text and thinking of one answer. */
export class TextAndThinking {
  readonly #parts: PartBuilder
  /** The tool calls; those with complete arguments end before other content begins. */
  readonly #calls: ToolCalls
  readonly #reasoning: Reasoning
  readonly #thinkTags: ThinkTags | undefined
  readonly #strayTag = new StrayTag()

  constructor({ target, parts, calls, isWhole }: Options) {
    this.#parts = parts
    this.#calls = calls
    this.#reasoning = new Reasoning(target, isWhole)
    this.#thinkTags = target.quirks.think_tags ? new ThinkTags() : undefined
  }

  /** Reads the reasoning, the content and the refusal of one delta, in this order. */
  read(delta: JsonObject): void {
    this.#readThinking(this.#reasoning.read(delta))
    if (hasUnknownReasoning(delta)) {
      this.#parts.dropped('thinking')
    }
    this.#readContent(delta['content'])
    this.#readImages(delta['images'])
    this.#readRefusal(delta['refusal'])
  }

  /** Emits what is buffered. */
  flush(): void {
    this.#readSegments(this.#thinkTags?.flush() ?? [])
    this.#readText(this.#strayTag.flush())
  }

  /** Emits what is buffered and signs unsigned reasoning: before a tool call, and at the end. */
  close(): void {
    this.flush()
    if (this.#strayTag.isFound) {
      this.#parts.repaired('text', 'without a stray tag')
    }
    this.#sign()
    this.#parts.breakText()
  }

  #readThinking(text: string): void {
    if (text !== '') {
      this.#calls.endComplete()
      this.#parts.thinking(text)
    }
  }

  #readText(text: string): void {
    this.#beginText(text)
    this.#parts.text(text)
  }

  #beginText(text: string): void {
    if (this.#parts.beginsText(text)) {
      this.#calls.endComplete()
      this.#sign()
    }
  }

  #sign(): void {
    if (this.#parts.isThinking || this.#reasoning.hasUnsigned) {
      this.#calls.endComplete()
      this.#reasoning.sign().forEach((signature) => this.#parts.sign(signature))
    }
  }

  #readContent(content: unknown): void {
    if (typeof content === 'string') {
      this.#readTagged(content)
    } else if (Array.isArray(content)) {
      content.forEach((part) => this.#readPart(part))
    } else if (isObject(content)) {
      // Workers AI's JSON mode sends the object itself.
      this.#readTagged(toExactText(content))
    }
  }

  #readTagged(text: string): void {
    if (this.#reasoning.hasOwnField) {
      this.#readText(this.#strayTag.take(text))
    } else if (this.#thinkTags === undefined) {
      this.#readText(text)
    } else if (text !== '') {
      this.#readSegments(this.#thinkTags.read(text))
    }
  }

  #readSegments(segments: readonly Segment[]): void {
    for (const { kind, text } of segments) {
      if (kind === 'text') {
        this.#readText(text)
      } else if (this.#reasoning.isSource('think_tags')) {
        this.#readThinking(text)
      }
    }
  }

  #readPart(part: unknown): void {
    if (!isObject(part)) {
      this.#readTagged(asString(part) ?? '')
      return
    }
    const thinking = this.#reasoning.readPart(part)
    if (part['type'] === 'image_url' || part['type'] === 'image') {
      this.#readImages([part])
    } else if (thinking === undefined) {
      this.#readTagged(asString(part['text']) ?? '')
      this.#readRefusal(part['refusal'])
    } else {
      this.#readThinking(thinking)
    }
  }

  /** Emits a note for each image, since Anthropic's answers cannot contain images. */
  #readImages(images: unknown): void {
    for (const image of asArray(images)) {
      const url = asString(asObject(asObject(image)?.['image_url'])?.['url']) ?? ''
      this.#parts.dropped('image')
      this.#readText(`[${/^data:([\w/+.-]+)/.exec(url)?.[1] ?? 'image'} omitted]`)
    }
  }

  #readRefusal(text: unknown): void {
    if (typeof text === 'string') {
      this.#beginText(text)
      this.#parts.refuse(text)
    }
  }
}

/** The fields of a delta that are read. */
const knownFields = new Set([
  'role',
  'content',
  'tool_calls',
  'refusal',
  'images',
  ...reasoningFields,
])

/** Whether a delta has reasoning in a field that is not known. */
function hasUnknownReasoning(delta: JsonObject): boolean {
  for (const field in delta) {
    if (!knownFields.has(field) && /reason|think|thought/i.test(field) && delta[field]) {
      return true
    }
  }
  return false
}
