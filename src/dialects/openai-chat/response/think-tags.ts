/**
 * Reasoning inside the content: `<think>…</think>answer`. The stream may split tags anywhere, and
 * templates with the opening tag in the prompt send only a closing one.
 *
 *   leading ──opening tag──▶ thinking ──closing tag──▶ leading ──other text──▶ answer
 *
 * An opening tag is recognized only before any text of the answer, so that the answer may contain
 * such tags. A line feed after an opening tag and one before a closing tag belong to the template.
 */

/** A segment of the content: thinking or text. */
export interface Segment {
  kind: 'thinking' | 'text'
  text: string
}

type Phase =
  | { name: 'leading' }
  /** `isNew`: nothing was read since the opening tag, and a line feed belongs to it. */
  | { name: 'thinking'; closing: string; isNew: boolean }
  /** `hasText`: text of the answer was emitted. */
  | { name: 'answer'; hasText: boolean }

/**
 * The pairs of tags: the first are of DeepSeek, Qwen, MiniMax and GLM, the last of Kimi's and
 * Mistral's templates.
 */
const tags = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['<reasoning>', '</reasoning>'],
  ['◁think▷', '◁/think▷'],
  ['[THINK]', '[/THINK]'],
] as const

const closingTags = tags.map(([, closing]) => closing)

/** Separates the thinking of one answer from its text. */
export class ThinkTags {
  #phase: Phase = { name: 'leading' }
  /** Text that may be part of a tag. */
  #buffered = ''
  /**
   * Whether a tag was found: whitespace before the answer then belongs to the template, and a
   * closing tag is not a stray one.
   */
  #hasTag = false
  #segments: Segment[] = []

  /** Reads a delta of the content; returns the segments that are decided. */
  read(text: string): readonly Segment[] {
    this.#buffered += text
    while (this.#step()) {
      // Each step consumes a tag or changes the phase.
    }
    return this.#take()
  }

  /** Returns what is buffered. More content may follow, after a tool call. */
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

  /** Consumes from the buffer; returns whether another step may consume more. */
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
    // Text that was emitted stays text; otherwise it is known to be thinking.
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
 * Removes a closing tag at the start of content whose reasoning has its own field, where templates
 * leave it (https://github.com/diegosouzapw/OmniRoute/issues/5123). Tags anywhere else are text.
 */
export class StrayTag {
  #isLeading = true
  #buffered = ''
  #isFound = false

  /** Whether there was such a tag. */
  get isFound(): boolean {
    return this.#isFound
  }

  /** Reads a delta of the content; returns what is known to be text. */
  take(text: string): string {
    if (!this.#isLeading) {
      return text
    }
    this.#buffered += text
    const start = this.#buffered.trimStart()
    const tag = closingTags.find((closing) => start.startsWith(closing))
    if (tag !== undefined) {
      this.#buffered = start.slice(tag.length).trimStart()
      this.#isFound = true
    }
    const mayBeTag = closingTags.some((closing) => closing.startsWith(this.#buffered.trimStart()))
    return mayBeTag ? '' : this.#release()
  }

  /** Returns what is buffered. More content may follow, after a tool call. */
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

/** The length of the longest suffix of `text` that is a prefix of one of `wanted`. */
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
