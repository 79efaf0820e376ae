/** Applies a request's limits to an answer: thinking, stop sequences, the token limit, token counts. */
import { estimateText } from '../tokens/estimate.ts'
import type { Answer } from './demo-model.ts'

export interface Limits {
  thinking: boolean
  /** The limit on output tokens, thinking included. */
  max: number
  stop: readonly string[]
}

export interface Output {
  thinking: string
  text: string
  /** The call, if the answer is one; its arguments are JSON unless the limit truncated them. */
  call?: { name: string; arguments: string }
  finish: 'stop' | 'call' | 'length'
  /** The stop sequence that ended the output. */
  sequence?: string
  /** Token counts; `output` includes `thinking`. */
  tokens: { output: number; thinking: number }
}

/** Applies the limits to the answer. */
export function toOutput(answer: Answer, limits: Limits): Output {
  const fullThinking = limits.thinking ? thinkingOf(answer) : ''
  const thinking = truncate(fullThinking, limits.max)
  const thinkingTokens = estimateText(thinking)
  const left = limits.max - thinkingTokens
  const stop = answer.type === 'text' ? firstStop(answer.text, limits.stop) : undefined
  const full = answer.type === 'text' ? answer.text.slice(0, stop?.index) : argumentsOf(answer)
  const kept = truncate(full, left)
  const whole = thinking === fullThinking && kept === full
  return {
    thinking,
    text: answer.type === 'text' ? kept : '',
    ...(answer.type === 'call' && { call: { name: answer.name, arguments: kept } }),
    finish: whole ? finishOf(answer) : 'length',
    ...(whole && stop && { sequence: stop.sequence }),
    tokens: { output: thinkingTokens + estimateText(kept), thinking: thinkingTokens },
  }
}

/** Splits a text into deltas of at most one word; concatenated they are the text. */
export function splitIntoDeltas(text: string): string[] {
  return text.match(/\s+(?:\S{1,16})?|\S{1,16}/gu) ?? []
}

function thinkingOf(answer: Answer): string {
  return answer.type === 'text'
    ? 'The message says what to answer, so I answer that.'
    : `The message asks for the ${answer.name} tool, so I call it.`
}

function argumentsOf(call: { input: object }): string {
  return JSON.stringify(call.input)
}

function finishOf(answer: Answer): 'stop' | 'call' {
  return answer.type === 'call' ? 'call' : 'stop'
}

function firstStop(
  text: string,
  stops: readonly string[],
): { index: number; sequence: string } | undefined {
  return stops
    .map((sequence) => ({ index: text.indexOf(sequence), sequence }))
    .filter(({ index }) => index !== -1)
    .toSorted((a, b) => a.index - b.index)[0]
}

/** Truncates a text to at most `max` tokens. */
function truncate(text: string, max: number): string {
  if (estimateText(text) <= max) {
    return text
  }
  let low = 0
  let high = text.length
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (estimateText(text.slice(0, middle)) <= max) {
      low = middle
    } else {
      high = middle - 1
    }
  }
  return text.slice(0, low).replace(/[\ud800-\udbff]$/, '')
}
