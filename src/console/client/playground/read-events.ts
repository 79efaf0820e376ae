/** Server-sent events of a response, one at a time. */
export interface ServerEvent {
  /** The event as received, with its field names. */
  raw: string
  data: string
}

/** Yields the server-sent events of a response body. */
export async function* readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value = '' } = await reader.read()
    const parts = (rest + value).split('\n\n')
    rest = done ? '' : (parts.pop() ?? '')
    for (const raw of parts.filter((part) => part.trim() !== '')) {
      const lines = raw.split('\n').filter((line) => line.startsWith('data:'))
      yield { raw, data: lines.map((line) => line.slice('data:'.length).trim()).join('\n') }
    }
    if (done) {
      return
    }
  }
}
