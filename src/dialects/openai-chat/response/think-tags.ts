/**
 * Reasoning inside the content: `<think>…</think>answer`. Tags may be cut anywhere by the stream, and
 * templates that put the opening tag into the prompt leave a closing one alone.
 *
 *   leading ──opening tag──▶ thinking ──closing tag──▶ leading ──other text──▶ answer
 *
 * An opening tag counts only before any answer, so that an answer may speak of such tags. A line feed
 * behind an opening tag and one before a closing tag are the template's, and come back with the tags.
 */

/** A piece of content, told apart. */
export interface Segment {
  kind: 'thinking' | 'text'
  text: string
}

type Phase =
  | { name: 'leading' }
  /** `isNew`: nothing was taken yet, and a line feed belongs to the tag. */
  | { name: 'thinking'; closing: string; isNew: boolean }
  /** `hasText`: something of the answer was shown. */
  | { name: 'answer'; hasText: boolean }

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

/** The tags of one answer. */
export class ThinkTags {
  #phase: Phase = { name: 'leading' }
  /** What may be part of a tag. */
  #buffered = ''
  /** Whether a tag was seen: space before the answer is then the template's, and no tag is alone. */
  #hasTag = false
  #segments: Segment[] = []

  /** Takes a piece of content; returns what is known to be thinking or text. */
  read(text: string): readonly Segment[] {
    this.#buffered += text
    while (this.#step()) {
      // Each step takes a tag or changes the phase.
    }
    return this.#take()
  }

  /** Returns what was buffered. The content may go on after it, behind a tool call. */
  flush(): readonly Segment[] {
    const phase = this.#phase
    const isSpace = phase.name === 'leading' && this.#hasTag && this.#buffered.trim() === ''
    if (!isSpace) {
      this.#emit(phase.name === 'thinking' ? 'thinking' : 'text', this.#buffered.length)
    }
    this.#buffered = ''
    this.#phase = { name: 'leading' }
    return this.#take()
  }

  #take(): readonly Segment[] {
    const segments = this.#segments
    this.#segments = []
    return segments
  }

  /** Takes what it can of the buffer; returns whether there may be more to take. */
  #step(): boolean {
    switch (this.#phase.name) {
      case 'leading':
        return this.#readLeading()
      case 'thinking':
        return this.#readThinking(this.#phase)
      case 'answer':
        return this.#readAnswer(this.#phase)
    }
  }

  #readLeading(): boolean {
    const text = this.#buffered.trimStart()
    const tag = tags.find(([opening]) => text.startsWith(opening))
    if (tag !== undefined) {
      this.#buffered = text.slice(tag[0].length)
      this.#phase = { name: 'thinking', closing: tag[1], isNew: true }
      this.#hasTag = true
      return true
    }
    const stray = closingTags.find((closing) => text.startsWith(closing))
    if (stray !== undefined) {
      this.#buffered = text.slice(stray.length)
      this.#hasTag = true
      return true
    }
    if (tags.some(([opening, closing]) => opening.startsWith(text) || closing.startsWith(text))) {
      return false
    }
    if (this.#hasTag) {
      this.#buffered = text
    }
    this.#phase = { name: 'answer', hasText: false }
    return true
  }

  #readThinking(phase: Extract<Phase, { name: 'thinking' }>): boolean {
    const { closing } = phase
    if (phase.isNew && this.#buffered !== '') {
      phase.isNew = false
      this.#buffered = this.#buffered.replace(/^\n/, '')
    }
    const text = this.#buffered
    const end = text.indexOf(closing)
    if (end < 0) {
      this.#emit('thinking', text.length - openEnd(text, [closing, `\n${closing}`]))
      return false
    }
    const hasLineFeed = text.startsWith('\n', end - 1)
    this.#emit('thinking', hasLineFeed ? end - 1 : end)
    this.#leaveTag(hasLineFeed ? `\n${closing}` : closing)
    return true
  }

  #readAnswer(phase: Extract<Phase, { name: 'answer' }>): boolean {
    const text = this.#buffered
    const closing = this.#hasTag ? undefined : closingTags.find((tag) => text.includes(tag))
    if (closing === undefined) {
      const length = text.length - (this.#hasTag ? 0 : openEnd(text, closingTags))
      phase.hasText ||= length > 0
      this.#emit('text', length)
      return false
    }
    // What was shown as text stays so; otherwise the thinking is known for what it is.
    this.#emit(phase.hasText ? 'text' : 'thinking', text.indexOf(closing))
    this.#leaveTag(closing)
    this.#hasTag = true
    return true
  }

  #leaveTag(closing: string): void {
    this.#buffered = this.#buffered.slice(closing.length)
    this.#phase = { name: 'leading' }
  }

  #emit(kind: Segment['kind'], length: number): void {
    if (length > 0) {
      this.#segments.push({ kind, text: this.#buffered.slice(0, length) })
      this.#buffered = this.#buffered.slice(length)
    }
  }
}

/**
 * A closing tag at the very start of content whose reasoning came in a field of its own: the template
 * left it there (https://github.com/diegosouzapw/OmniRoute/issues/5123). Tags anywhere else are text.
 */
export class StrayTag {
  #isLeading = true
  #buffered = ''

  /** Takes a piece of content; returns what is known to be text. */
  take(text: string): string {
    if (!this.#isLeading) {
      return text
    }
    this.#buffered += text
    const start = this.#buffered.trimStart()
    const tag = closingTags.find((closing) => start.startsWith(closing))
    if (tag !== undefined) {
      this.#buffered = start.slice(tag.length).trimStart()
    }
    const mayBeTag = closingTags.some((closing) => closing.startsWith(this.#buffered.trimStart()))
    return mayBeTag ? '' : this.#release()
  }

  /** Returns what was buffered. The content may go on after it, behind a tool call. */
  flush(): string {
    const rest = this.#release()
    this.#isLeading = true
    return rest
  }

  #release(): string {
    const text = this.#buffered
    this.#buffered = ''
    this.#isLeading = false
    return text
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
