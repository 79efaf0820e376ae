import type { Part } from '../../../anthropic/answer/part.ts'
/**
 * The parts of an answer's content, one by one, in an order that makes good blocks: every thinking
 * block is signed, and what a thought signature belongs to comes right behind the block that carries
 * it.
 *
 *   quiet ──thought──▶ thinking ──text, call, end: signature──▶ quiet
 *   quiet ──text──▶ speaking ──call, end──▶ quiet
 *   speaking ──thought──▶ speaking: the writer keeps it until the text has ended
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asString, isObject } from '../../../anthropic/json.ts'
import type { ReadContext, TargetModel } from '../../dialect.ts'
import type { ThoughtState } from '../thought-signature.ts'
import { toThoughtSignature } from '../thought-signature.ts'
import type { ArrivingCall, WholeCall } from './function-call.ts'
import { cutCall, readFunctionCall } from './function-call.ts'

/** The content of one answer. Made by {@link createAnswerParts}; not to be shared. */
export interface AnswerParts {
  target: TargetModel
  context: ReadContext
  isSpeaking: boolean
  /** A thought was shown and no signature ended it. */
  isThinking: boolean
  /** Space that waits for the text it stands before: no block is begun with nothing in it. */
  space: string
  /** A thought signature that has no text of its own; goes before what comes next. */
  loose: string | undefined
  /** The call whose arguments come in pieces. */
  arriving: ArrivingCall | undefined
  /** How many calls there were. */
  calls: number
  /** Where parts go: the caller's array. */
  parts: Part[]
}

export function createAnswerParts(target: TargetModel, context: ReadContext): AnswerParts {
  return {
    target,
    context,
    isSpeaking: false,
    isThinking: false,
    space: '',
    loose: undefined,
    arriving: undefined,
    calls: 0,
    parts: [],
  }
}

/** Takes one part of Gemini's; gives false for a function call without a name. */
export function readAnswerPart(answer: AnswerParts, part: JsonObject, parts: Part[]): boolean {
  answer.parts = parts
  const { text, thought, functionCall, inlineData } = part
  const signature = asString(part['thoughtSignature']) || undefined
  if (isObject(functionCall)) {
    return readCall(answer, functionCall, signature)
  }
  if (typeof text === 'string') {
    if (thought === true) {
      think(answer, text, signature)
    } else {
      say(answer, text, signature)
    }
  } else if (isObject(inlineData)) {
    // Anthropic's answers hold no images.
    say(answer, `[${asString(inlineData['mimeType']) ?? 'media'} omitted]`, undefined)
  }
  // Other kinds tell of tools that ran at Google, which the gateway does not ask for.
  return true
}

/** Says what was held back. */
export function endAnswerParts(answer: AnswerParts, parts: Part[]): void {
  answer.parts = parts
  if (answer.arriving !== undefined) {
    call(answer, cutCall(answer.arriving))
  }
  // A signature of the last text is let go. There is no place for it: a thinking block at the end
  // hides the answer from Claude Code. Google does not insist on signatures of text.
  sign(answer, {})
}

function think(answer: AnswerParts, text: string, thought: string | undefined): void {
  if (text !== '') {
    answer.parts.push({ type: 'thinking-delta', text })
    answer.isThinking = true
  }
  if (thought !== undefined) {
    sign(answer, { thought })
  }
}

function say(answer: AnswerParts, text: string, signature: string | undefined): void {
  const isBlank = text.trim() === ''
  const isOwn = signature !== undefined && !isBlank && !answer.isSpeaking
  if (signature !== undefined && !isOwn) {
    answer.loose = signature
  }
  if (answer.isSpeaking) {
    answer.parts.push({ type: 'text-delta', text })
    return
  }
  answer.space += text
  if (isBlank) {
    return
  }
  sign(answer, isOwn ? { text: signature, length: answer.space.length } : takeLoose(answer))
  answer.parts.push({ type: 'text-delta', text: answer.space })
  answer.space = ''
  answer.isSpeaking = true
}

function readCall(answer: AnswerParts, fields: JsonObject, signature: string | undefined): boolean {
  const { whole, arriving } = readFunctionCall(answer.arriving, fields, signature)
  answer.arriving = arriving
  const areNamed = whole.every(({ name }) => name !== '')
  for (const each of areNamed ? whole : []) {
    call(answer, each)
  }
  return areNamed
}

function call(answer: AnswerParts, { name, json, signature, id }: WholeCall): void {
  sign(answer, {
    ...takeLoose(answer),
    ...(signature === undefined ? {} : { call: signature }),
    // The id alone is not worth a block.
    ...(signature === undefined || id === undefined ? {} : { id }),
  })
  answer.space = ''
  answer.isSpeaking = false
  answer.calls += 1
  const number = answer.calls
  const { newToolId, toolNames } = answer.context
  answer.parts.push(
    { type: 'tool-start', call: number, id: newToolId(), name: toolNames.get(name) ?? name },
    { type: 'tool-delta', call: number, json },
    { type: 'tool-end', call: number },
  )
}

function sign(answer: AnswerParts, state: ThoughtState): void {
  if (answer.isThinking || Object.keys(state).length > 0) {
    answer.parts.push({ type: 'signature', signature: toThoughtSignature(answer.target, state) })
    answer.isThinking = false
  }
}

function takeLoose(answer: AnswerParts): ThoughtState {
  const { loose } = answer
  answer.loose = undefined
  return loose === undefined ? {} : { text: loose, length: 0 }
}
