/**
 * Reasoning inside the content: `<think>…</think>answer`. Tags may be cut anywhere by the stream, and
 * templates that put the opening tag into the prompt leave a closing one alone.
 *
 *   leading ──opening tag──▶ thinking ──closing tag──▶ leading ──other text──▶ answer
 *
 * An opening tag counts only before any answer, so that an answer may speak of such tags. A line feed
 * behind an opening tag and one before a closing tag are the template's, and come back with the tags.
 */

/** Where the pieces go. */
interface ThinkSink {
  think: (text: string) => void
  say: (text: string) => void
}

/** The tags of one answer. Made by {@link createThinkTags}; not to be shared. */
export interface ThinkTags {
  phase: Phase
  /** What may be part of a tag. */
  held: string
  /** Whether a tag was seen: space before the answer is then the template's, and no tag is alone. */
  hasTag: boolean
  sink: ThinkSink
}

type Phase =
  | { name: 'leading' }
  /** `isNew`: nothing was taken yet, and a line feed belongs to the tag. */
  | { name: 'thinking'; closing: string; isNew: boolean }
  /** `said`: something of the answer was shown. */
  | { name: 'answer'; said: boolean }

/** DeepSeek, Qwen, MiniMax and GLM write the first; the last are of Kimi's and Mistral's templates. */
const tags = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['<reasoning>', '</reasoning>'],
  ['◁think▷', '◁/think▷'],
  ['[THINK]', '[/THINK]'],
] as const

const closingTags = tags.map(([, closing]) => closing)

export function createThinkTags(sink: ThinkSink): ThinkTags {
  return { phase: { name: 'leading' }, held: '', hasTag: false, sink }
}

/** Takes a piece of content. */
export function readTagged(state: ThinkTags, text: string): void {
  state.held += text
  while (step(state)) {
    // Each step takes a tag or changes the phase.
  }
}

/** Says what was held back. The content may go on after it, behind a tool call. */
export function flushTagged(state: ThinkTags): void {
  const { phase, held, hasTag, sink } = state
  const isSpace = phase.name === 'leading' && hasTag && held.trim() === ''
  if (!isSpace) {
    emit(state, phase.name === 'thinking' ? sink.think : sink.say, held.length)
  }
  state.held = ''
  state.phase = { name: 'leading' }
}

/** Takes what it can of `held`; whether there may be more to take. */
function step(state: ThinkTags): boolean {
  switch (state.phase.name) {
    case 'leading':
      return readLeading(state)
    case 'thinking':
      return readThinking(state, state.phase)
    case 'answer':
      return readAnswer(state, state.phase)
  }
}

function readLeading(state: ThinkTags): boolean {
  const text = state.held.trimStart()
  const tag = tags.find(([opening]) => text.startsWith(opening))
  if (tag !== undefined) {
    state.held = text.slice(tag[0].length)
    state.phase = { name: 'thinking', closing: tag[1], isNew: true }
    state.hasTag = true
    return true
  }
  const stray = closingTags.find((closing) => text.startsWith(closing))
  if (stray !== undefined) {
    state.held = text.slice(stray.length)
    state.hasTag = true
    return true
  }
  if (tags.some(([opening, closing]) => opening.startsWith(text) || closing.startsWith(text))) {
    return false
  }
  if (state.hasTag) {
    state.held = text
  }
  state.phase = { name: 'answer', said: false }
  return true
}

function readThinking(state: ThinkTags, phase: Extract<Phase, { name: 'thinking' }>): boolean {
  const { closing } = phase
  if (phase.isNew && state.held !== '') {
    phase.isNew = false
    state.held = state.held.replace(/^\n/, '')
  }
  const { held, sink } = state
  const end = held.indexOf(closing)
  if (end < 0) {
    emit(state, sink.think, held.length - openEnd(held, [closing, `\n${closing}`]))
    return false
  }
  const hasLineFeed = held.startsWith('\n', end - 1)
  emit(state, sink.think, hasLineFeed ? end - 1 : end)
  leaveTag(state, hasLineFeed ? `\n${closing}` : closing)
  return true
}

function readAnswer(state: ThinkTags, phase: Extract<Phase, { name: 'answer' }>): boolean {
  const { held, hasTag, sink } = state
  const closing = hasTag ? undefined : closingTags.find((tag) => held.includes(tag))
  if (closing === undefined) {
    const length = held.length - (hasTag ? 0 : openEnd(held, closingTags))
    phase.said ||= length > 0
    emit(state, sink.say, length)
    return false
  }
  // What was shown as answer stays so; otherwise the thought is known for what it is.
  emit(state, phase.said ? sink.say : sink.think, held.indexOf(closing))
  leaveTag(state, closing)
  state.hasTag = true
  return true
}

function leaveTag(state: ThinkTags, closing: string): void {
  state.held = state.held.slice(closing.length)
  state.phase = { name: 'leading' }
}

function emit(state: ThinkTags, to: (text: string) => void, length: number): void {
  if (length > 0) {
    const text = state.held.slice(0, length)
    state.held = state.held.slice(length)
    to(text)
  }
}

/** Length of the longest end of `text` that may be the beginning of one of `wanted`. */
function openEnd(text: string, wanted: readonly string[]): number {
  let longest = 0
  for (const tag of wanted) {
    for (let length = Math.min(tag.length - 1, text.length); length > longest; length -= 1) {
      if (text.endsWith(tag.slice(0, length))) {
        longest = length
      }
    }
  }
  return longest
}
