import type { Part, ReportedUsage } from '../../../anthropic/answer/part.ts'
/**
 * Builds the parts of one answer. A dialect's reader converts each upstream event to calls of this
 * class, the only one that creates parts, with the state that all protocols have in common:
 *
 *   pending ──start──▶ started ──stop, fail──▶ over: whatever comes is ignored
 *
 *   text: closed ──text that is not all whitespace──▶ open ──tool call, breakText, endText──▶ closed
 *   cited text: what follows is a block of its own
 *
 * The place of signatures differs by protocol, so that the reader requests each one.
 */
import type { StopReason } from '../../../anthropic/answer/wire/message.ts'
import type { Failure } from '../../../anthropic/error.ts'
import type { ReadContext, TargetModel } from '../../dialect.ts'
import type { FoundPage, FoundSearch } from '../../web-search.ts'
import { isOutputLimit } from '../errors/output-limit.ts'
import { JsonFence } from './json-fence.ts'
import type { PlacedCitation } from './late-citations.ts'
import { toOfferedName } from './offered-name.ts'
import { SearchParts } from './search-parts.ts'
import { WholeCharacters } from './whole-characters.ts'
import { WithheldText } from './withheld-text.ts'

/** How an answer ended. */
export interface Stop {
  reason: StopReason
  /** The stop sequence that matched, if the upstream reports it. */
  sequence?: string | undefined
  /** Why the model refused, if the upstream reports it. */
  explanation?: string | undefined
}

/**
 * Builds the parts of one answer in a valid order. Dialects call it in the order in which their upstream
 * sends.
 */
export class PartBuilder {
  readonly #provider: string
  readonly #context: ReadContext
  #parts: Part[] = []
  #phase: 'pending' | 'started' | 'over' = 'pending'
  /** Whether a text block is open. `separate`: text of another message continues it. */
  #text: 'closed' | 'open' | 'separate' = 'closed'
  /** Leading whitespace, buffered until text follows, so that no text block begins empty. */
  #whitespace = ''
  #endsLine = false
  #isThinking = false
  #hasContent = false
  #refusal = ''
  #calls = 0
  /** The kind of the last content that is not reasoning, and whether reasoning followed text. */
  #lastKind: 'text' | 'tool' | undefined
  #hasLateThinking = false
  readonly #textCharacters = new WholeCharacters()
  readonly #thinkingCharacters = new WholeCharacters()
  /** The incomplete surrogate pairs in the arguments of each call. */
  readonly #inputCharacters = new Map<number, WholeCharacters>()
  readonly #fence: JsonFence | undefined
  /** Text whose citations may still come; undefined where they come with the text, or not at all. */
  #withheld: WithheldText | undefined
  /** Undefined where the upstream was not asked to search the web. */
  readonly #searches: SearchParts | undefined

  constructor({ provider }: TargetModel, context: ReadContext) {
    this.#provider = provider
    this.#context = context
    this.#fence = context.expectsJson === true ? new JsonFence() : undefined
    this.#searches = context.webSearch && new SearchParts(context.webSearch)
  }

  /** The parts built since the last call. */
  take(): readonly Part[] {
    if (this.#parts.length === 0) {
      return none
    }
    const parts = this.#parts
    this.#parts = []
    return parts
  }

  /** Whether the answer has stopped or failed. */
  get isOver(): boolean {
    return this.#phase === 'over'
  }

  /** Whether anything but `start` was built. */
  get hasContent(): boolean {
    return this.#hasContent
  }

  /** Whether there is reasoning that no signature has ended. */
  get isThinking(): boolean {
    return this.#isThinking
  }

  /** Whether the upstream was asked to search the web. */
  get mayCite(): boolean {
    return this.#searches !== undefined
  }

  /** The number of characters of buffered whitespace. */
  get whitespaceLength(): number {
    return this.#whitespace.length
  }

  /** Reports usage so far, if any. Content that it includes must be built before. */
  report(usage: ReportedUsage | undefined): void {
    if (usage !== undefined && this.#phase !== 'over') {
      this.#parts.push({ type: 'usage', usage: this.#searches?.withSearches(usage) ?? usage })
    }
  }

  /** Starts the answer: the upstream accepted the request. Ignored if repeated. */
  start(): void {
    if (this.#phase === 'pending') {
      this.#phase = 'started'
      this.#parts.push({ type: 'start' })
    }
  }

  /** Whether this text would begin a block, so that what precedes the block must be built first. */
  beginsText(text: string): boolean {
    return this.#text === 'closed' && hasVisible.test(text)
  }

  text(text: string): void {
    const unfenced = this.#fence === undefined ? text : this.#fence.take(text)
    this.#addText(this.#textCharacters.take(this.#withheld?.take(unfenced) ?? unfenced))
  }

  /** Withholds the end of the text from now on, or all of an answer that is not streamed, for {@link searchLate}. */
  withholdText(isWhole: boolean): void {
    this.#withheld = new WithheldText(isWhole)
  }

  /** Adds a search that the upstream ran. `count`: as how many it is billed. */
  search(found: FoundSearch, count = 1): void {
    if (this.#searches === undefined || this.#phase === 'over') {
      return
    }
    this.breakText()
    this.#calls += 1
    this.#searches.search(this.#calls - 1, found, count).forEach((part) => this.#push(part))
    // Charged even if the answer is not completed.
    this.report(this.#searches.withSearches())
  }

  /** Cites a page for the text so far; text that follows is a block of its own. */
  cite(page: FoundPage): void {
    const part = this.#text === 'closed' ? undefined : this.#searches?.cite(page)
    if (part !== undefined) {
      this.#push(part)
    }
  }

  /**
   * Adds a search that is known after the text that cites it: in front of the text that is withheld,
   * which is cited for at each place. `place` finds the citations in all of the text.
   */
  searchLate(found: FoundSearch, place: (text: string) => PlacedCitation[], count: number): void {
    if (this.#withheld === undefined) {
      return
    }
    const { sent, all } = this.#withheld
    this.#withheld = undefined
    const citations = place(all)
    citations.filter(({ end }) => end <= sent).forEach(({ page }) => this.cite(page))
    this.search(found, count)
    let at = sent
    for (const { page, end } of citations.filter((citation) => citation.end > sent)) {
      this.text(all.slice(at, end))
      this.cite(page)
      at = end
    }
    this.text(all.slice(at))
  }

  /** Begins another message: a blank line separates its text from that of the open block. */
  separateText(): void {
    if (this.#text === 'open') {
      this.#text = 'separate'
    }
  }

  /** Interrupts the text: leading whitespace of later text is buffered again. */
  breakText(): void {
    this.#flushText()
    this.#closeText()
  }

  /** Ends the text: later text is a separate block. */
  endText(): void {
    if (this.#text !== 'closed') {
      this.#flushText()
      this.#push({ type: 'text-end' })
      this.breakText()
    }
  }

  thinking(text: string): void {
    this.#addThinking(this.#thinkingCharacters.take(text))
  }

  /** Emits a signature, which ends open reasoning or is a block of its own. */
  sign(signature: string): void {
    this.#addThinking(this.#thinkingCharacters.flush())
    this.#push({ type: 'signature', signature })
    this.#isThinking = false
  }

  /** Emits text of a refusal like any other text; {@link stop} reports the refusal. */
  refuse(text: string): void {
    this.#refusal += text
    this.text(text)
  }

  /**
   * Starts a tool call under the client's name of the tool. Returns the call's number in the parts.
   */
  startCall(name: string): number {
    const call = this.#calls
    this.#calls += 1
    this.breakText()
    this.#push({
      type: 'tool-start',
      call,
      // Upstream ids are not valid for other upstreams, and some providers number them from 0 in
      // each answer.
      id: this.#context.newToolId(),
      name: this.#toClientName(name),
    })
    return call
  }

  /** Emits a delta of a call's arguments. */
  input(call: number, json: string): void {
    const characters = this.#inputCharacters.get(call) ?? new WholeCharacters()
    this.#inputCharacters.set(call, characters)
    this.#addInput(call, characters.take(json))
  }

  endCall(call: number): void {
    this.#addInput(call, this.#inputCharacters.get(call)?.flush() ?? '')
    this.#push({ type: 'tool-end', call })
  }

  /** Ends the answer. A refusal is reported as one, unless the answer was truncated. */
  stop({ reason, sequence, explanation }: Stop, usage?: ReportedUsage): void {
    this.#addThinking(this.#thinkingCharacters.flush())
    this.#flushText()
    if (this.#hasLateThinking) {
      // The writer drops it: a block after the text would hide the answer from clients.
      this.dropped('thinking')
    }
    const isRefusal = this.#refusal !== '' && !truncations.has(reason)
    this.#push({
      type: 'stop',
      reason: isRefusal ? 'refusal' : reason,
      sequence,
      explanation: this.#refusal || explanation,
      usage: usage && (this.#searches?.withSearches(usage) ?? usage),
    })
    this.#phase = 'over'
  }

  fail(failure: Failure): void {
    if (failure.kind === 'upstream_error' && isOutputLimit(failure.message)) {
      this.start()
      this.stop({ reason: 'max_tokens' })
      return
    }
    this.#push({ type: 'failure', failure })
    this.#phase = 'over'
  }

  /**
   * Fails because the upstream violated the protocol; `detail` describes how, without quoting it.
   */
  invalid(detail: string): void {
    this.fail({ kind: 'upstream_invalid_response', provider: this.#provider, detail })
  }

  /**
   * Fails because the model or the provider stopped without a usable answer; a retry usually helps.
   * `reason` is the upstream's field and its value.
   */
  unusable(reason: string, isOverloaded = false): void {
    const provider = this.#provider
    this.fail({
      kind: 'upstream_error',
      provider,
      status: isOverloaded ? 529 : 502,
      type: isOverloaded ? 'overloaded_error' : 'api_error',
      message: `${provider}: the answer ended before it was complete (${reason}).`,
    })
  }

  /** Fails because the stream ended before the answer did. */
  truncated(): void {
    this.fail({ kind: 'upstream_truncated', provider: this.#provider })
  }

  /** Reports content that the answer cannot have: `image`, `thinking`. */
  dropped(content: string): void {
    this.#context.report?.drop(`answer.${content}`)
  }

  /** Reports what was repaired in the answer; `result` is the new value, or describes it. */
  repaired(field: string, result: string): void {
    this.#context.report?.map(`answer.${field}`, result)
  }

  #addText(text: string): void {
    if (text === '') {
      return
    }
    if (this.#searches?.hasCitation === true) {
      this.#push({ type: 'text-end' })
      this.#closeText()
    }
    if (this.#text === 'open') {
      this.#pushText(text)
    } else if (this.#text === 'separate') {
      this.#pushText(this.#endsLine || text.startsWith('\n') ? text : `\n\n${text}`)
    } else if (hasVisible.test(text)) {
      this.#pushText(this.#whitespace + text)
      this.#whitespace = ''
    } else {
      this.#whitespace += text
    }
  }

  #closeText(): void {
    this.#text = 'closed'
    this.#whitespace = ''
    this.#searches?.closeText()
  }

  #flushText(): void {
    this.text(this.#fence?.flush() ?? '')
    this.#addText(this.#textCharacters.take(this.#withheld?.flush() ?? ''))
    if (this.#fence?.isFenced === true) {
      this.repaired('text', 'without its fence')
    }
    this.#addText(this.#textCharacters.flush())
  }

  #addThinking(text: string): void {
    if (text !== '') {
      this.#push({ type: 'thinking-delta', text })
      this.#isThinking = true
    }
  }

  #addInput(call: number, json: string): void {
    if (json !== '') {
      this.#push({ type: 'tool-delta', call, json })
    }
  }

  #toClientName(name: string): string {
    const { toolNames, tools } = this.#context
    const upstreamName = toOfferedName(
      name,
      (candidate) => toolNames.has(candidate) || tools?.has(candidate) === true,
    )
    const clientName = toolNames.get(upstreamName) ?? upstreamName
    if (upstreamName !== name) {
      this.repaired('tool_use.name', clientName)
    }
    return clientName
  }

  #pushText(text: string): void {
    this.#text = 'open'
    this.#endsLine = text.endsWith('\n')
    this.#searches?.addText(text)
    this.#push({ type: 'text-delta', text })
  }

  #push(part: Part): void {
    if (this.#phase !== 'over') {
      this.#hasContent = true
      this.#follow(part)
      this.#parts.push(part)
    }
  }

  /** Follows whether reasoning comes after the last text, where only a tool call saves it. */
  #follow({ type }: Part): void {
    if (type === 'text-delta') {
      this.#lastKind = 'text'
    } else if (type === 'tool-start') {
      this.#lastKind = 'tool'
      this.#hasLateThinking = false
    } else if (type === 'thinking-delta' || type === 'signature') {
      this.#hasLateThinking ||= this.#lastKind === 'text'
    }
  }
}

const none: readonly Part[] = []

const hasVisible = /\S/

const truncations = new Set<StopReason>(['max_tokens', 'model_context_window_exceeded'])
