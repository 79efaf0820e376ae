/**
 * The messages of several model calls as one answer: calls of server tools are taken out to be run, markers
 * become citations, usage is summed, and only the last message's stop is the answer's.
 */
import type { AnswerStatus, Delivered, PartSink } from '../../anthropic/answer/answer-status.ts'
import type { AnswerWriter } from '../../anthropic/answer/answer-writer.ts'
import type { Part, ServerToolRef, ToolStart } from '../../anthropic/answer/part.ts'
import { UsageMeter } from '../../anthropic/answer/usage-meter.ts'
import type { FallbackBlock, CompleteBlock } from '../../anthropic/answer/wire/complete-blocks.ts'
import type { StopReason } from '../../anthropic/answer/wire/message.ts'
import { newCallId } from '../history/call-id.ts'
import { readResults } from '../history/read-blocks.ts'
import type { NumberedResult } from '../history/render.ts'
import type { ServerCall } from '../tool.ts'
import { CitationMarkers } from './citation-markers.ts'
import type { TurnUsage } from './turn-usage.ts'

type Stop = Extract<Part, { type: 'stop' }>

/** What the answer of a turn is written with. */
export interface TurnAnswerOptions {
  writer: AnswerWriter
  usage: TurnUsage
  /** The request's limit of output tokens, which an estimate of one model call's does not exceed. */
  maxTokens?: number | undefined
  /** Whether nothing is sent before the whole answer is there: then a model call that fails may be repeated. */
  isFolded: boolean
  newId: (prefix: string) => string
  /** The tool as the client sees it, where calls by this name are run here. */
  toServerTool: (name: string) => ServerToolRef | undefined
  /** What goes before the content. */
  leadingBlocks: readonly CompleteBlock[]
  /** The hop to the next fallback model after one has declined; undefined if there is none. */
  fallBack: () => FallbackBlock | undefined
}

interface OpenCall {
  number: number
  /** Undefined for a tool that does not run here. */
  server: ServerCall | undefined
  /** Whether the client runs it. */
  isClient: boolean
  hasEnded: boolean
}

/** The answer of a turn: the parts of several model calls as the blocks of one message. */
export class TurnAnswer implements PartSink {
  readonly #options: TurnAnswerOptions
  #markers: CitationMarkers
  /** Search results of the conversation before this model call, and their number with those of the call. */
  #known: readonly NumberedResult[] = []
  #results = 0
  /** Calls by the upstream's numbers, of one model call. */
  #calls = new Map<number, OpenCall>()
  /** Calls of all model calls. */
  #numbered = 0
  /** Parts of this model call that were not sent yet, since it may be repeated. */
  #held: Part[] = []
  #hasContent = false
  /** What was not sent yet of {@link TurnAnswerOptions.leadingBlocks}. */
  #leading: readonly CompleteBlock[]
  #callStart = 0
  /** The state of this model call. */
  #meter: UsageMeter
  /** How this model call ended; undefined until then. */
  #finalStatus: AnswerStatus | undefined
  /** The end of a model call whose arguments may not be complete. */
  #cutShort: Stop | undefined

  constructor(options: TurnAnswerOptions) {
    this.#options = options
    this.#leading = options.leadingBlocks
    this.#meter = new UsageMeter(options.maxTokens)
    this.#markers = new CitationMarkers([])
  }

  get status(): AnswerStatus {
    const { writer } = this.#options
    return writer.isOver ? writer.status : (this.#finalStatus ?? writer.status)
  }

  get isOver(): boolean {
    return this.#finalStatus !== undefined || this.#options.writer.isOver
  }

  /** Calls of server tools in the model call that ended. */
  get serverCalls(): readonly ServerCall[] {
    return [...this.#calls.values()].flatMap(({ server }) => server ?? [])
  }

  /** Whether the model call that ended also calls tools of the client's. */
  get hasClientCalls(): boolean {
    return [...this.#calls.values()].some(({ isClient }) => isClient)
  }

  /** Whether the model call ended before its calls were complete. */
  get isCutShort(): boolean {
    return this.#cutShort !== undefined
  }

  /** What this model call has delivered. */
  delivered(): Delivered {
    return this.#meter.delivered(this.#characters)
  }

  /** `results`: what the next model call can cite. */
  citable(results: readonly NumberedResult[]): void {
    this.#known = results
    this.#results = results.length
    this.#markers = new CitationMarkers(results)
  }

  restart(): void {
    this.#calls = new Map()
    this.citable(this.#known)
    this.#held = []
    this.#hasContent = false
    this.#finalStatus = undefined
    this.#cutShort = undefined
    this.#callStart = this.#options.writer.delivered().characters
    this.#meter = new UsageMeter(this.#options.maxTokens)
  }

  write(parts: readonly Part[]): void {
    for (const part of parts) {
      if (!this.isOver) {
        this.#write(part)
      }
    }
  }

  /** Adds a block between model calls: the result of a call, or a summary. */
  addBlock(block: CompleteBlock): void {
    this.#options.writer.write([{ type: 'block', block }])
  }

  /** Ends the answer; as the last model call ended where that was cut short. */
  finish(reason: StopReason): void {
    this.#stop(this.#cutShort ?? { type: 'stop', reason })
  }

  #write(part: Part): void {
    if (part.type === 'text-delta') {
      this.#forward(this.#markers.write(part.text))
      return
    }
    if (part.type === 'usage') {
      this.#meter.report(part.usage, this.#characters)
      return
    }
    if (part.type !== 'start' && part.type !== 'failure') {
      this.#forward(this.#markers.end())
    }
    switch (part.type) {
      case 'tool-start':
        return this.#startCall(part)
      case 'tool-delta':
        return this.#writeInput(part.call, part.json)
      case 'tool-end':
        return this.#endCall(part.call)
      case 'block':
        return this.#addNative(part)
      case 'stop':
        return this.#endModelCall(part)
      case 'failure':
        return this.#fail(part)
      default:
        return this.#forward([part])
    }
  }

  #startCall(start: ToolStart): void {
    const { newId, toServerTool } = this.#options
    const { call, id, name } = start
    const number = this.#numbered
    this.#numbered += 1
    if (start.isServer === true) {
      // The provider ran it.
      this.#calls.set(call, { number, server: undefined, isClient: false, hasEnded: false })
      this.#forward([{ ...start, call: number }])
      return
    }
    const tool = toServerTool(name)
    if (tool === undefined) {
      this.#calls.set(call, { number, server: undefined, isClient: true, hasEnded: false })
      this.#forward([{ type: 'tool-start', call: number, id, name }])
      return
    }
    const server = { id: newCallId(newId, tool.mcpServer !== undefined), name, json: '' }
    this.#calls.set(call, { number, server, isClient: false, hasEnded: false })
    this.#forward([{ type: 'tool-start', call: number, id: server.id, isServer: true, ...tool }])
  }

  /** Adds the result of a search that the provider ran; its model cites by itself, or by numbers of its own. */
  #addNative(part: Extract<Part, { type: 'block' }>): void {
    this.#forward([part])
    const first = this.#results + 1
    const found = readResults({ ...part.block }, first) ?? []
    this.#results += found.length
    this.#markers = new CitationMarkers(part.isNumbered === true ? found : [])
  }

  #writeInput(call: number, json: string): void {
    const open = this.#calls.get(call)
    if (open?.server !== undefined) {
      open.server.json += json
    }
    this.#forward([{ type: 'tool-delta', call: open?.number ?? call, json }])
  }

  #endCall(call: number): void {
    const open = this.#calls.get(call)
    if (open !== undefined && !open.hasEnded) {
      open.hasEnded = true
      this.#forward([{ type: 'tool-end', call: open.number }])
    }
  }

  /** The answer continues if there are calls to run here; otherwise it is complete. */
  #endModelCall(stop: Stop): void {
    const { usage } = this.#options
    const isOrderly = stop.reason === 'end_turn' || stop.reason === 'tool_use'
    for (const call of this.#calls.keys()) {
      this.#endCall(call)
    }
    this.#release()
    usage.add(this.#meter.complete(stop.usage, this.#characters, usage.estimateInput))
    const hop =
      stop.reason === 'refusal' && this.#calls.size === 0 ? this.#options.fallBack() : undefined
    if (hop !== undefined) {
      usage.addFallback(hop)
      this.addBlock(hop)
      this.#finalStatus = { phase: 'continues' }
    } else if (this.serverCalls.length === 0) {
      this.#stop(stop)
    } else {
      this.#finalStatus = { phase: 'continues' }
      this.#cutShort = isOrderly ? undefined : stop
    }
  }

  #stop(stop: Stop): void {
    this.#release()
    this.#options.writer.write([{ ...stop, ...this.#options.usage.toStop() }])
  }

  #fail(part: Extract<Part, { type: 'failure' }>): void {
    if (this.#options.isFolded || !this.#hasContent) {
      this.#finalStatus = { phase: 'failed', failure: part.failure, retriable: true }
    } else {
      this.#options.writer.write([part])
    }
  }

  /** Characters of content of this model call that were written. */
  get #characters(): number {
    return this.#options.writer.delivered().characters - this.#callStart
  }

  #forward(parts: readonly Part[]): void {
    if (this.#options.isFolded) {
      for (const part of parts) {
        this.#held.push(part)
      }
      return
    }
    this.#hasContent ||= parts.some(({ type }) => type !== 'start')
    this.#send(parts)
  }

  /** An answer that has no content yet may still come from another target. */
  #send(parts: readonly Part[]): void {
    if (this.#leading.length > 0 && parts.some(({ type }) => type !== 'start')) {
      const blocks = this.#leading
      this.#leading = []
      blocks.forEach((block) => this.addBlock(block))
    }
    this.#options.writer.write(parts)
  }

  #release(): void {
    const held = this.#held
    this.#held = []
    this.#send(held)
  }
}
