/** Applies a request's limits to an answer: thinking, stop sequences, the token limit, token counts. */
import { estimateText } from '../../tokens/estimate.ts'
import type { Answer, Call } from '../model/demo-model.ts'

/** The limits of a request: whether the model thinks, the most output tokens, and stop sequences. */
export interface Limits {
  thinking: boolean
  /** The limit on output tokens, thinking included. */
  max: number
  stop: readonly string[]
}

/** A call with its arguments as JSON. */
export interface OutputCall {
  name: string
  arguments: string
}

/** An answer within its limits, and why it ended. */
export interface Output {
  thinking: string
  text: string
  /** The calls, if the answer is some; the last one's arguments are JSON unless the limit truncated them. */
  calls: readonly OutputCall[]
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
  const remaining = limits.max - thinkingTokens
  const stop = answer.type === 'text' ? firstStop(answer.text, limits.stop) : undefined
  const fullText = answer.type === 'text' ? answer.text.slice(0, stop?.index) : ''
  const text = truncate(fullText, remaining)
  const calls = truncateCalls(answer.type === 'text' ? [] : answer.calls, remaining)
  const written = text + calls.kept.map((call) => call.arguments).join('')
  const isComplete = thinking === fullThinking && text === fullText && calls.isComplete
  return {
    thinking,
    text,
    calls: calls.kept,
    finish: isComplete ? (answer.type === 'text' ? 'stop' : 'call') : 'length',
    ...(isComplete && stop && { sequence: stop.sequence }),
    tokens: { output: thinkingTokens + estimateText(written), thinking: thinkingTokens },
  }
}

/** The calls that a limit on tokens leaves; the last one may have a part of its arguments. */
function truncateCalls(
  calls: readonly Call[],
  max: number,
): { kept: OutputCall[]; isComplete: boolean } {
  const kept: OutputCall[] = []
  let remaining = max
  for (const { name, input } of calls) {
    const full = JSON.stringify(input)
    const text = truncate(full, remaining)
    kept.push({ name, arguments: text })
    if (text !== full) {
      return { kept, isComplete: false }
    }
    remaining -= estimateText(text)
  }
  return { kept, isComplete: true }
}

/** Splits a text into deltas of at most one word; concatenated they are the text. */
export function splitIntoDeltas(text: string): string[] {
  return text.match(/\s+(?:\S{1,16})?|\S{1,16}/gu) ?? []
}

function thinkingOf(answer: Answer): string {
  return answer.type === 'text'
    ? 'The message says what to answer, so I answer that.'
    : `The message asks for the ${answer.calls.map(({ name }) => name).join(' and the ')} tool, so I call it.`
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
