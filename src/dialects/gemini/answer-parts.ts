/**
 * The parts of an answer's content, one by one, in an order that makes good blocks: every thinking
 * block is signed, and what a thought signature belongs to comes right behind the block that carries
 * it.
 *
 *   quiet ──thought──▶ thinking ──text, call, end: signature──▶ quiet
 *   quiet ──text──▶ speaking ──call, end──▶ quiet
 *   speaking ──thought──▶ speaking: the writer keeps it until the text has ended
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asString, isObject } from '../../anthropic/json.ts'
import type { Part } from '../../anthropic/part.ts'
import type { ReadContext, TargetModel } from '../dialect.ts'
import { addPartialArgs } from './streamed-call.ts'
import type { ThoughtState } from './thought-signature.ts'
import { toThoughtSignature } from './thought-signature.ts'

/** The content of one answer. Not to be shared. */
export interface AnswerParts {
  /** Takes one part of Gemini's; gives false for a function call without a name. */
  read: (part: JsonObject, parts: Part[]) => boolean
  /** Says what was held back. */
  end: (parts: Part[]) => void
}

export function createAnswerParts(target: TargetModel, context: ReadContext): AnswerParts {
  let isSpeaking = false
  let isThinking = false
  /** Space that waits for the text it stands before: no block is begun with nothing in it. */
  let space = ''
  /** The signature of text that had begun before it came; goes before the next call. */
  let ofText: string | undefined
  /** The call whose arguments come in pieces. */
  let streamed: { name: string; args: JsonObject; state: ThoughtState } | undefined
  let calls = 0

  function sign(state: ThoughtState, parts: Part[]): void {
    if (isThinking || Object.keys(state).length > 0) {
      parts.push({ type: 'signature', signature: toThoughtSignature(target, state) })
      isThinking = false
    }
  }

  function think(text: string, thought: string | undefined, parts: Part[]): void {
    if (text !== '') {
      parts.push({ type: 'thinking', text })
      isThinking = true
    }
    if (thought !== undefined) {
      sign({ thought }, parts)
    }
  }

  function say(text: string, signature: string | undefined, parts: Part[]): void {
    const isBlank = text.trim() === ''
    if (signature !== undefined && (isSpeaking || isBlank)) {
      ofText = signature
    }
    if (isSpeaking) {
      parts.push({ type: 'text', text })
      return
    }
    space += text
    if (isBlank) {
      return
    }
    sign(signature === undefined ? {} : { text: signature, length: space.length }, parts)
    parts.push({ type: 'text', text: space })
    space = ''
    isSpeaking = true
  }

  function call(name: string, args: string, state: ThoughtState, parts: Part[]): void {
    sign({ ...(ofText === undefined ? {} : { text: ofText, length: 0 }), ...state }, parts)
    ofText = undefined
    space = ''
    isSpeaking = false
    calls += 1
    const client = context.toolNames.get(name) ?? name
    parts.push(
      { type: 'tool', call: calls, id: context.newToolId(), name: client },
      { type: 'tool_input', call: calls, json: args },
      { type: 'tool_end', call: calls },
    )
  }

  function endStreamed(isWhole: boolean, parts: Part[]): void {
    if (streamed === undefined) {
      return
    }
    const json = JSON.stringify(streamed.args)
    call(streamed.name, isWhole ? json : json.slice(0, -1), streamed.state, parts)
    streamed = undefined
  }

  function readCall(fields: JsonObject, signature: string | undefined, parts: Part[]): boolean {
    const name = asString(fields['name']) || undefined
    const args = isObject(fields['args']) ? fields['args'] : {}
    const willContinue = fields['willContinue'] === true
    const isPiece = name === undefined && streamed !== undefined
    if (isPiece) {
      addPartialArgs(streamed?.args ?? {}, fields['partialArgs'])
      if (!willContinue) {
        endStreamed(true, parts)
      }
      return true
    }
    endStreamed(true, parts)
    if (name === undefined) {
      return false
    }
    const state = toCallState(signature, asString(fields['id']))
    if (willContinue || fields['partialArgs'] !== undefined) {
      streamed = { name, args: { ...args }, state }
      addPartialArgs(streamed.args, fields['partialArgs'])
      if (!willContinue) {
        endStreamed(true, parts)
      }
      return true
    }
    call(name, JSON.stringify(args), state, parts)
    return true
  }

  return {
    read(part, parts) {
      const { text, thought, functionCall, inlineData } = part
      const signature = asString(part['thoughtSignature']) || undefined
      if (isObject(functionCall)) {
        return readCall(functionCall, signature, parts)
      }
      if (typeof text === 'string') {
        ;(thought === true ? think : say)(text, signature, parts)
      } else if (isObject(inlineData)) {
        // Anthropic's answers hold no images.
        say(`[${asString(inlineData['mimeType']) ?? 'media'} omitted]`, undefined, parts)
      }
      // Other kinds tell of tools that ran at Google, which the gateway does not ask for.
      return true
    },
    end(parts) {
      // A signature of the last text is let go: there is no place for it. A thinking block at the end
      // hides the answer from Claude Code, and Google does not insist on signatures of text.
      endStreamed(false, parts)
      sign({}, parts)
    },
  }
}

/** The id alone is not worth a block. */
function toCallState(call: string | undefined, id: string | undefined): ThoughtState {
  return call === undefined ? {} : { call, ...(id === undefined || id === '' ? {} : { id }) }
}
