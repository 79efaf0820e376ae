/** An answer as it is said within limits: thinking before it, cut where it must end, and counted. */
import { estimateText } from '../tokens/estimate.ts'
import type { Answer } from './grammar.ts'

export interface Limits {
  thinking: boolean
  /** In tokens, thinking included. */
  max: number
  stop: readonly string[]
}

export interface Speech {
  thinking: string
  text: string
  /** Arguments are JSON, unless the limit cut them. */
  call?: { name: string; arguments: string }
  finish: 'stop' | 'call' | 'length'
  /** The stop sequence that ended it. */
  sequence?: string
  /** In tokens; `output` includes `thinking`. */
  tokens: { output: number; thinking: number }
}

/** Says the answer. */
export function speak(answer: Answer, limits: Limits): Speech {
  const thought = limits.thinking ? thoughtOf(answer) : ''
  const thinking = cut(thought, limits.max)
  const thinkingTokens = estimateText(thinking)
  const left = limits.max - thinkingTokens
  const stop = answer.type === 'text' ? firstStop(answer.text, limits.stop) : undefined
  const full = answer.type === 'text' ? answer.text.slice(0, stop?.index) : argumentsOf(answer)
  const said = cut(full, left)
  const whole = thinking === thought && said === full
  return {
    thinking,
    text: answer.type === 'text' ? said : '',
    ...(answer.type === 'call' && { call: { name: answer.name, arguments: said } }),
    finish: whole ? finishOf(answer) : 'length',
    ...(whole && stop && { sequence: stop.sequence }),
    tokens: { output: thinkingTokens + estimateText(said), thinking: thinkingTokens },
  }
}

/** A text in the sizes in which a model says it: a word or less. They concatenate to the text. */
export function pieces(text: string): string[] {
  return text.match(/\s*\S{1,16}|\s+/gu) ?? []
}

function thoughtOf(answer: Answer): string {
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

/** The longest start of the text that is at most `max` tokens. */
function cut(text: string, max: number): string {
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
