/**
 * Bytes → upstream events. Server-sent events, and what upstreams send instead: an answer in one
 * JSON body though a stream was asked for, or the reverse. Knows no stream API.
 */
import type { EventSourceParser } from 'eventsource-parser'
import { createParser } from 'eventsource-parser'

import type { UpstreamEvent } from '../dialects/dialect.ts'

export interface Framer {
  /** Takes a read of any length; a character or line may be cut anywhere. */
  feed: (bytes: Uint8Array) => void
  /** The body is complete. */
  finish: () => void
}

export interface FramerListener {
  onEvent: (event: UpstreamEvent) => void
  /** The body turned out to be no event stream; called once, with all of it. */
  onDocument: (text: string) => void
  /** An event is longer than {@link maxEventLength}; nothing is said after it. */
  onOverflow: () => void
}

/** Characters; a whole image in one event fits. */
const maxEventLength = 16 * 1024 * 1024

/** A framer for one body. */
export function createFramer(listener: FramerListener): Framer {
  const decoder = new TextDecoder()
  let kind: 'unknown' | 'events' | 'document' | 'overflow' = 'unknown'
  let rest = ''

  let parser: EventSourceParser | undefined

  /** Made for the first line: a document has none. */
  function parse(lines: string): void {
    parser ??= createEventParser(listener, overflow)
    parser.feed(lines)
  }

  function overflow(): void {
    kind = 'overflow'
    rest = ''
    listener.onOverflow()
  }

  /** The parser discards an unfinished line that can be no field, so it gets whole lines only. */
  function feedLines(text: string): void {
    const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1
    const lines = rest + text.slice(0, end)
    if (end > 0) {
      rest = ''
      parse(lines)
    }
    rest = end === 0 ? lines + text : text.slice(end)
  }

  function take(text: string): void {
    if (kind === 'unknown') {
      // White space says nothing yet, and must not pile up.
      text = text.trimStart()
      kind = kindOf(text)
    }
    if (kind === 'events') {
      feedLines(text)
    } else if (kind !== 'overflow') {
      rest += text
    }
    if (rest.length > maxEventLength) {
      overflow()
    }
  }

  return {
    feed: (bytes) => take(decoder.decode(bytes, { stream: true })),
    finish() {
      take(decoder.decode())
      if (kind === 'events') {
        // A last event without its blank line still counts.
        parse(`${rest}\n\n`)
      } else if (rest.trim() !== '') {
        listener.onDocument(rest)
      }
    },
  }
}

function createEventParser(listener: FramerListener, onOverflow: () => void): EventSourceParser {
  return createParser({
    maxBufferSize: maxEventLength,
    onEvent: (event) => {
      // Some servers put a keep-alive into a data line (`data: : keepalive`).
      if (event.data !== '' && !event.data.startsWith(':')) {
        listener.onEvent(event)
      }
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') {
        onOverflow()
      } else if (error.type === 'unknown-field' && error.field === 'error') {
        // llama.cpp says a failure in mid-stream as a field of its own: `error: {…}`.
        listener.onEvent({ event: 'error', data: error.value ?? '' })
      }
    },
  })
}

/** By the first character: JSON and pages begin with a bracket, which no field of an event does. */
function kindOf(text: string): 'unknown' | 'events' | 'document' {
  if (text === '') {
    return 'unknown'
  }
  return '{[<"'.includes(text.charAt(0)) ? 'document' : 'events'
}
