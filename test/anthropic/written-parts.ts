/** Parts of an answer, and what the writer makes of them. */
import { AnswerWriter } from '../../src/anthropic/answer/answer-writer.ts'
import { foldMessage } from '../../src/anthropic/answer/fold.ts'
import type { Part } from '../../src/anthropic/answer/part.ts'
import type { Message, StreamEvent } from '../../src/anthropic/answer/wire/message.ts'

export const options = {
  id: 'msg_1',
  model: 'm',
  requestId: 'req_1',
  estimatedInput: () => 7,
  isFolded: false,
}

export function write(...parts: Part[]): StreamEvent[] {
  const writer = new AnswerWriter(options)
  writer.write(parts)
  return writer.takeEvents()
}

export const stop: Part = {
  type: 'stop',
  reason: 'end_turn',
  usage: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4, thinking: 1 },
}
export const tool = (call: number, name = `t${call}`): Part => ({
  type: 'tool-start',
  call,
  id: `toolu_${call}`,
  name,
})
export const input = (call: number, json: string): Part => ({ type: 'tool-delta', call, json })
export const text = (value: string): Part => ({ type: 'text-delta', text: value })
export const thinking = (value: string): Part => ({ type: 'thinking-delta', text: value })
export const signature = (value: string): Part => ({ type: 'signature', signature: value })

export const content = (...parts: Part[]): Message['content'] =>
  foldMessage(write(...parts)).content
