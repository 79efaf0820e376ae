/**
 * What the model says, as text parts: messages of one answer that meet in one block are kept apart by
 * a blank line, and no block is begun with nothing but space in it.
 */
import type { Part } from '../../../anthropic/answer/part.ts'

/** The text of one answer. Made by {@link createSpeech}; not to be shared. */
export interface Speech {
  /** `silent`: the next text begins a block. `apart`: it goes on in the block, in another message. */
  phase: 'silent' | 'speaking' | 'apart'
  /** Space that waits for the text it stands before. */
  space: string
  endsLine: boolean
  /** The model's words of refusal. */
  refusal: string
}

export function createSpeech(): Speech {
  return { phase: 'silent', space: '', endsLine: false, refusal: '' }
}

export function say(speech: Speech, text: string, parts: Part[]): void {
  if (text === '') {
    return
  }
  if (speech.phase === 'silent') {
    speech.space += text
    if (!/\S/.test(text)) {
      return
    }
    push(speech, speech.space, parts)
    speech.space = ''
    return
  }
  const isParted = speech.phase === 'speaking' || speech.endsLine || text.startsWith('\n')
  push(speech, isParted ? text : `\n\n${text}`, parts)
}

function push(speech: Speech, text: string, parts: Part[]): void {
  speech.phase = 'speaking'
  speech.endsLine = text.endsWith('\n')
  parts.push({ type: 'text-delta', text })
}

/** Another message begins. */
export function beginMessage(speech: Speech): void {
  if (speech.phase === 'speaking') {
    speech.phase = 'apart'
  }
}

/** Reasoning begins after a message, which is whole: items are told one after the other. */
export function endSpeech(speech: Speech, parts: Part[]): void {
  if (speech.phase !== 'silent') {
    parts.push({ type: 'text-end' })
    interrupt(speech)
  }
}

/** Something else begins: what is said after it is a block of its own. */
export function interrupt(speech: Speech): void {
  speech.phase = 'silent'
  speech.space = ''
}
