/** The tool calls of one answer, gathered while they are streamed. */
import type { Part } from '../anthropic/answer/part.ts'
import type { JsonObject } from '../anthropic/json.ts'
import { asObject, parseJson } from '../anthropic/json.ts'

/**
 * A tool call of an answer; `input` is undefined if it is not a JSON object, and `length` is that of its JSON.
 */
export interface ToolCall {
  id: string
  name: string
  /** Reads a call; undefined if its arguments are not a JSON object, or too long to be judged. */
  input: JsonObject | undefined
  /** Characters of the arguments. */
  length: number
}

/** Characters of arguments of one call that are judged: what is cut off could be what is dangerous. */
export const maxInputLength = 50_000

interface OpenCall {
  id: string
  name: string
  json: string
  length: number
  hasEnded: boolean
}

/** Gathers the tool calls of one answer. */
export class ToolCalls {
  readonly #calls = new Map<number, OpenCall>()
  readonly #isServerTool: (name: string) => boolean

  /** `isServerTool`: whether calls of that tool do not run at the client. */
  constructor(isServerTool: (name: string) => boolean) {
    this.#isServerTool = isServerTool
  }

  /** Takes a part; only those of calls that the client runs count. */
  add(part: Part): void {
    if (part.type === 'tool-start' && !this.#isServerTool(part.name)) {
      const { call, id, name } = part
      this.#calls.set(call, { id, name, json: '', length: 0, hasEnded: false })
    } else if (part.type === 'tool-delta') {
      const call = this.#calls.get(part.call)
      if (call !== undefined) {
        call.length += part.json.length
        call.json += call.length > maxInputLength ? '' : part.json
      }
    } else if (part.type === 'tool-end') {
      const call = this.#calls.get(part.call)
      if (call !== undefined) {
        call.hasEnded = true
      }
    }
  }

  get isEmpty(): boolean {
    return this.#calls.size === 0
  }

  /** The parts that end what an upstream has left to the end of the answer. */
  ends(): Part[] {
    const open = [...this.#calls].filter(([, { hasEnded }]) => !hasEnded)
    return open.map(([call]) => ({ type: 'tool-end', call }))
  }

  /** The calls so far, in the order of the answer. */
  list(): ToolCall[] {
    return [...this.#calls.values()].map(({ id, name, json, length }) => ({
      id,
      name,
      length,
      input: length > maxInputLength ? undefined : asObject(parseJson(json.trim() || '{}')),
    }))
  }
}
