import { isObject, parseJson } from '../anthropic/json.ts'
/**
 * The model's name in a passed-through stream. Only `message_start` names it, so only the first event
 * is read; all bytes after it go on untouched and unseen.
 */
import { replaceModel } from '../dialects/anthropic/splice.ts'

/** Characters within which the first event must end; past them nothing is renamed. */
const maxFirstEvent = 64 * 1024

/** The stream with its `message_start` renamed to what the client asked for. */
export function renameInStream(
  body: ReadableStream<Uint8Array>,
  model: string,
  { signal, waitUntil }: { signal: AbortSignal; waitUntil: (promise: Promise<unknown>) => void },
): ReadableStream<Uint8Array> {
  const { readable, writable } = new IdentityTransformStream()
  waitUntil(
    pipe(body, writable, model, signal).catch(() => {
      // Either side has gone: the client, or the upstream, whose break the client must see.
    }),
  )
  return readable
}

async function pipe(
  body: ReadableStream<Uint8Array>,
  writable: WritableStream<Uint8Array>,
  model: string,
  signal: AbortSignal,
): Promise<void> {
  const reader = body.getReader()
  const leave = (): void => {
    reader.cancel().catch(() => {
      // It has ended already.
    })
  }
  signal.addEventListener('abort', leave, { once: true })
  const head = await readHead(reader)
  signal.removeEventListener('abort', leave)
  reader.releaseLock()
  const writer = writable.getWriter()
  await writer.write(new TextEncoder().encode(renameFirst(head, model)))
  writer.releaseLock()
  await body.pipeTo(writable, { signal })
}

/** Reads until the first `message_start` is whole. */
async function readHead(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let head = ''
  while (head.length < maxFirstEvent) {
    const { done, value } = await reader.read()
    if (done) {
      break
    }
    head += decoder.decode(value, { stream: true })
    // A cut character at the end would be lost, so read on until the text is whole.
    if (/"message_start"[^\n\r]*(?:\r\n|\r|\n)/.test(head) && isWhole(value)) {
      break
    }
  }
  return head + decoder.decode()
}

/** Whether bytes end at the end of a character. */
function isWhole(bytes: Uint8Array): boolean {
  return (bytes.at(-1) ?? 0) < 0x80
}

/** Renames `message.model` in the data line of `message_start`; the rest stays byte for byte. */
function renameFirst(head: string, model: string): string {
  return head.replace(
    /^(data: ?)(\{.*"message_start".*\})$/m,
    (line, field: string, json: string) => {
      const event = parseJson(json)
      const message = isObject(event) ? event['message'] : undefined
      if (!isObject(message)) {
        return line
      }
      const at = json.indexOf('{', json.indexOf('"message":'))
      const renamed = replaceModel(json.slice(at), model)
      return renamed === undefined ? line : field + json.slice(0, at) + renamed
    },
  )
}
