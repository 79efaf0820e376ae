/** What a chat completions upstream writes, in pieces to script with. */
import type { Wire } from './wire.ts'

/** One event. */
export function event(data: object | string): string {
  return `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
}

export function chunk(delta: object, finish: string | null = null): string {
  return event({ id: 'c', choices: [{ index: 0, delta, finish_reason: finish }] })
}

export const role = chunk({ role: 'assistant', content: '' })
export const finish = chunk({}, 'stop')
export const usage = event({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 2 } })
export const done = event('[DONE]')

export function text(content: string): string {
  return chunk({ content })
}

/** A piece of a call's arguments; the first one names it. */
export function call(json: string, first = true): string {
  const start = first ? { id: 'call_1', type: 'function' } : {}
  const name = first ? { name: 'get_weather' } : {}
  return chunk({ tool_calls: [{ index: 0, ...start, function: { ...name, arguments: json } }] })
}

/** A whole answer in one body. */
export function completion(content: string): string {
  return JSON.stringify({
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 7, completion_tokens: 2 },
  })
}

export const json = { 'content-type': 'application/json' }

/** Answers well, in the form that was asked for. */
export async function answerWell(wire: Wire, content = 'hello'): Promise<void> {
  if (wire.body['stream'] === true) {
    wire.head()
    await wire.send(role + text(content) + finish + usage + done)
  } else {
    wire.head(200, json)
    await wire.send(completion(content))
  }
  wire.end()
}

/** Begins as every stream does, whatever was asked. */
export async function begin(wire: Wire, content = 'hel'): Promise<void> {
  wire.head()
  await wire.send(role + text(content))
}

/** Answers with an error status. */
export async function refuse(
  wire: Wire,
  status: number,
  body: object | string,
  headers: Record<string, string> = json,
): Promise<void> {
  wire.head(status, headers)
  await wire.send(typeof body === 'string' ? body : JSON.stringify(body))
  wire.end()
}

export function error(message: string, more: object = {}): object {
  return { error: { message, ...more } }
}
