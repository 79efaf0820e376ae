import type { Part } from '../../../anthropic/answer/part.ts'
/**
 * What the model thinks and says, as parts in an order that makes good blocks: reasoning is signed
 * when the answer begins, and no text block is begun with nothing but space in it.
 *
 *   quiet ──reasoning──▶ quiet, thought open ──text: signature──▶ speaking
 *   speaking ──reasoning──▶ speaking, thought open: the text goes on, the signature waits
 *   a tool call, the end: signature where a thought is open ──▶ quiet
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asString, isObject } from '../../../anthropic/json.ts'
import type { DialectTarget } from '../../dialect.ts'
import type { ChatQuirks } from '../quirks.ts'
import type { Reasoning } from './reasoning.ts'
import {
  createReasoning,
  isSource,
  readReasoning,
  readReasoningPart,
  signReasoning,
} from './reasoning.ts'
import type { ThinkTags } from './think-tags.ts'
import { createThinkTags, flushTagged, readTagged } from './think-tags.ts'

/** The prose of one answer. Made by {@link createProse}; not to be shared. */
export interface Prose {
  reasoning: Reasoning
  thinkTags: ThinkTags | undefined
  isSpeaking: boolean
  /** Reasoning was shown and no signature ended it. */
  hasOpenThought: boolean
  /** Space that waits for the text it stands before. */
  space: string
  /** The model's words of refusal so far. */
  refusal: string
  /** Where parts go: the caller's array. */
  parts: Part[]
  /** Called before anything is pushed that is not text after text. */
  beforePush: (parts: Part[]) => void
}

interface ProseOptions {
  target: DialectTarget<ChatQuirks>
  isWhole: boolean
  beforePush: (parts: Part[]) => void
}

export function createProse({ target, isWhole, beforePush }: ProseOptions): Prose {
  const prose: Prose = {
    reasoning: createReasoning(target, isWhole),
    thinkTags: undefined,
    isSpeaking: false,
    hasOpenThought: false,
    space: '',
    refusal: '',
    parts: [],
    beforePush,
  }
  if (target.quirks.think_tags) {
    prose.thinkTags = createThinkTags({
      say: (text) => say(prose, text),
      think: (text) => think(prose, isSource(prose.reasoning, 'think_tags') ? text : ''),
    })
  }
  return prose
}

/** Reads the reasoning, then the content, then a refusal of one delta. */
export function readProse(prose: Prose, delta: JsonObject, parts: Part[]): void {
  prose.parts = parts
  think(prose, readReasoning(prose.reasoning, delta))
  readContent(prose, delta['content'])
  readRefusal(prose, delta['refusal'])
}

/** Says what was held back and signs what is unsigned: before a tool call, and at the end. */
export function closeProse(prose: Prose, parts: Part[]): void {
  prose.parts = parts
  if (prose.thinkTags !== undefined) {
    flushTagged(prose.thinkTags)
  }
  sign(prose)
  prose.space = ''
  prose.isSpeaking = false
}

function think(prose: Prose, text: string): void {
  if (text !== '') {
    prose.beforePush(prose.parts)
    prose.parts.push({ type: 'thinking-delta', text })
    prose.hasOpenThought = true
  }
}

function say(prose: Prose, text: string): void {
  if (!prose.isSpeaking) {
    prose.space += text
    if (!/\S/.test(text)) {
      return
    }
    prose.beforePush(prose.parts)
    sign(prose)
    text = prose.space
    prose.space = ''
    prose.isSpeaking = true
  }
  prose.parts.push({ type: 'text-delta', text })
}

function sign(prose: Prose): void {
  const { reasoning, parts } = prose
  if (!prose.hasOpenThought && !reasoning.hasNews) {
    return
  }
  prose.beforePush(parts)
  for (const signature of signReasoning(reasoning)) {
    parts.push({ type: 'signature', signature })
  }
  prose.hasOpenThought = false
}

function readContent(prose: Prose, content: unknown): void {
  if (typeof content === 'string') {
    readText(prose, content)
  } else if (Array.isArray(content)) {
    for (const part of content) {
      readPart(prose, part)
    }
  } else if (isObject(content)) {
    // JSON mode of Workers AI gives the object itself.
    readText(prose, JSON.stringify(content))
  }
}

function readText(prose: Prose, text: string): void {
  if (text === '') {
    return
  }
  if (prose.thinkTags === undefined) {
    say(prose, text)
  } else {
    readTagged(prose.thinkTags, text)
  }
}

function readPart(prose: Prose, part: unknown): void {
  if (!isObject(part)) {
    readText(prose, asString(part) ?? '')
    return
  }
  const thought = readReasoningPart(prose.reasoning, part)
  if (thought === undefined) {
    readText(prose, asString(part['text']) ?? '')
    readRefusal(prose, part['refusal'])
  } else {
    think(prose, thought)
  }
}

/** Shown, since it says why; the stop reason tells it from an answer. */
function readRefusal(prose: Prose, text: unknown): void {
  if (typeof text === 'string' && text !== '') {
    prose.refusal += text
    say(prose, text)
  }
}
