/**
 * The arguments of one tool call, from whatever pieces a provider sends to pieces that concatenate to
 * one JSON object.
 *
 *   empty ──`{}`──▶ placeholder ──`{…`──▶ first ──piece that repeats it──▶ repeated ──▶ snapshots
 *     │                                    │  │                              │
 *     ├──`"…`──▶ quoted                    ▲  └───────other piece─────▶ plain ◀── other piece
 *     └──`{…`──────────────────────────────┘
 *
 * Held until it is decided: a placeholder (OpenRouter's routes send `{}` and then the text), JSON
 * inside a JSON string, and a second piece that may be a snapshot of all so far.
 */
import { isObject, parseJson } from '../../../anthropic/json.ts'

export interface ToolArguments {
  phase: 'empty' | 'placeholder' | 'quoted' | 'first' | 'repeated' | 'snapshots' | 'plain' | 'free'
  /** All so far, but for `held`. */
  text: string
  /** A second piece that repeats the first. */
  held: string
}

/**
 * `free`: of a custom tool, whose input is text and becomes `{ "input": … }` when all is there. The
 * gateway declares no such tools; a provider may have its own.
 */
export function createArguments(isFree: boolean): ToolArguments {
  return { phase: isFree ? 'free' : 'empty', text: '', held: '' }
}

/** Takes a piece that is not empty; gives what can be said of it. */
export function takeArguments(state: ToolArguments, piece: string): string {
  switch (state.phase) {
    case 'empty':
      return begin(state, piece)
    case 'placeholder':
      return replacePlaceholder(state, piece)
    case 'free':
    case 'quoted':
      state.text += piece
      return ''
    case 'first':
      return takeSecond(state, piece)
    case 'repeated':
      return takeThird(state, piece)
    case 'snapshots':
      return takeSnapshot(state, piece)
    case 'plain':
      return isRepetition(state, piece) ? '' : append(state, piece)
  }
}

/** No more will come: gives what was held back. What is not JSON is given as it came. */
export function endArguments({ phase, text, held }: ToolArguments): string {
  switch (phase) {
    case 'placeholder':
      return text
    case 'quoted':
      return unquote(text)
    case 'free':
      return JSON.stringify({ input: text })
    case 'repeated':
      return isWhole(held) && !isWhole(text + held) ? held.slice(text.length) : held
    case 'empty':
    case 'first':
    case 'snapshots':
    case 'plain':
      return ''
  }
}

/** Whether what was said is a whole object, to which nothing can be added. */
export function isComplete({ phase, text }: ToolArguments): boolean {
  return (phase === 'first' || phase === 'snapshots' || phase === 'plain') && isWhole(text)
}

/** Whether the arguments are whole if no more comes. */
export function isWholeAtEnd(state: ToolArguments): boolean {
  const { phase, text } = state
  const isHeld = phase === 'free' || phase === 'quoted' || phase === 'placeholder'
  const all = (isHeld ? '' : text) + endArguments(state)
  return all.trim() === '' || isWhole(all)
}

/** Whether nothing came but space or a placeholder. */
export function isBlank({ phase, text }: ToolArguments): boolean {
  return phase === 'empty' || phase === 'placeholder' || text === ''
}

/** Whether a piece is a whole object that follows a whole object: of another call. */
export function beginsAnew({ text }: ToolArguments, piece: string): boolean {
  return piece.trimStart().startsWith('{') && !piece.startsWith(text) && isWhole(text)
}

function begin(state: ToolArguments, piece: string): string {
  state.text = (state.text + piece).trimStart()
  const trimmed = state.text.trimEnd()
  if (trimmed === '') {
    return ''
  }
  if (trimmed === '{}') {
    state.phase = 'placeholder'
    return ''
  }
  state.phase = trimmed.startsWith('"') ? 'quoted' : 'first'
  return state.phase === 'first' ? state.text : ''
}

function replacePlaceholder(state: ToolArguments, piece: string): string {
  const start = piece.trimStart()
  if (start === '' || start.trimEnd() === '{}') {
    return ''
  }
  state.phase = 'first'
  state.text = start.startsWith('{') ? start : state.text + piece
  return state.text
}

function takeSecond(state: ToolArguments, piece: string): string {
  if (!piece.startsWith(state.text)) {
    return append(state, piece)
  }
  // `{"a":` may go on with `{"a":1}}` as well: the next piece, or the end, tells.
  state.held = piece
  state.phase = 'repeated'
  return ''
}

function takeThird(state: ToolArguments, piece: string): string {
  if (!piece.startsWith(state.held)) {
    return append(state, state.held + piece)
  }
  state.phase = 'snapshots'
  return takeSnapshot(state, piece)
}

function takeSnapshot(state: ToolArguments, piece: string): string {
  const { text } = state
  if (!piece.startsWith(text)) {
    return text.startsWith(piece) ? '' : append(state, piece)
  }
  state.text = piece
  return piece.slice(text.length)
}

function append(state: ToolArguments, piece: string): string {
  state.phase = 'plain'
  state.text += piece
  return piece
}

/** Some servers repeat the whole arguments when they are complete. */
function isRepetition({ text }: ToolArguments, piece: string): boolean {
  return piece.length === text.length && piece === text && isWhole(text)
}

function isWhole(text: string): boolean {
  return text.trimEnd().endsWith('}') && isObject(parseJson(text))
}

/** JSON that was encoded twice is unwrapped once. */
function unquote(text: string): string {
  const inner = parseJson(text)
  if (typeof inner !== 'string') {
    return text
  }
  return inner.trim() === '' || isObject(parseJson(inner)) ? inner : text
}
