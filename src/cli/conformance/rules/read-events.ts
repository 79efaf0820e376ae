/**
 * Reads server-sent events as a strict client does (https://html.spec.whatwg.org/multipage/server-sent-events.html):
 * what lenient clients put right is left as it is, so that the checks see it.
 */

/** A server-sent event. */
export interface StreamEvent {
  /** The name; undefined if the event had no `event` line. */
  name: string | undefined
  data: string
}

/** The events of a body, and the text after the last complete one. */
export interface EventStream {
  events: readonly StreamEvent[]
  /** Text after the last blank line: an event that strict clients never receive. */
  rest: string
}

/** Splits the text of a whole stream into events; comments are skipped. */
export function readEvents(text: string): EventStream {
  const blocks = text.replaceAll(/\r\n?/g, '\n').split('\n\n')
  const rest = blocks.pop() ?? ''
  const events = blocks
    .map(toEvent)
    .filter((event) => event.name !== undefined || event.data !== '')
  return { events, rest: rest.trim() }
}

function toEvent(block: string): StreamEvent {
  let name: string | undefined
  const data: string[] = []
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^(event|data):? ?(.*)$/.exec(line) ?? []
    if (field === 'event') {
      name = value
    } else if (field === 'data') {
      data.push(value)
    }
  }
  return { name, data: data.join('\n') }
}
