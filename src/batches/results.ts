import { toErrorBody, toErrorReply } from '../anthropic/error-reply.ts'
/** The results of a batch as lines of JSON, read from their objects one after the other. */
import type { Failure } from '../anthropic/error.ts'
import type { ObjectStore } from '../store/object-store.ts'
import type { SliceResults } from './protocol.ts'

/** Objects that are opened ahead of the one that is sent. */
const ahead = 4

/** The line of a message, which is JSON. */
export function toSucceededLine(customId: string, message: string): string {
  const id = JSON.stringify(customId)
  // A message as received may have line breaks, which are whitespace between its values.
  const line = message.replaceAll(/[\r\n]+/g, ' ')
  return `{"custom_id":${id},"result":{"type":"succeeded","message":${line}}}\n`
}

/** The line of an error; `requestId` finds its log line. */
export function toErroredLine(customId: string, failure: Failure, requestId: string): string {
  const error = toErrorBody(toErrorReply(failure), requestId)
  return `${JSON.stringify({ custom_id: customId, result: { type: 'errored', error } })}\n`
}

/** Streams all results. What never ran is `canceled` or `expired`. */
export function streamResults(
  slices: readonly SliceResults[],
  rest: 'canceled' | 'expired',
  { objects, prefix }: { objects: ObjectStore; prefix: string },
): ReadableStream<Uint8Array> {
  const lines = readLines(slices, rest, (name) => objects.get(prefix + name))
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await lines.next()
      if (done === true) {
        controller.close()
      } else {
        controller.enqueue(value)
      }
    },
    async cancel() {
      await lines.return(undefined)
    },
  })
}

type OpenObject = (name: string) => Promise<ReadableStream<Uint8Array> | undefined>

async function* readLines(
  slices: readonly SliceResults[],
  rest: 'canceled' | 'expired',
  open: OpenObject,
): AsyncGenerator<Uint8Array> {
  const names = slices.flatMap(({ outputs }) => outputs)
  const opened = names.slice(0, ahead).map(open)
  for (const [index, name] of names.entries()) {
    const next = names[index + ahead]
    const body = await opened.shift()
    if (next !== undefined) {
      const pending = open(next)
      // It is awaited in its turn.
      pending.catch(() => undefined)
      opened.push(pending)
    }
    if (body === undefined) {
      throw new Error(`the results ${name} are missing`)
    }
    yield* body
  }
  const encoder = new TextEncoder()
  for (const { unsettled } of slices) {
    const lines = unsettled.map((id) => JSON.stringify({ custom_id: id, result: { type: rest } }))
    if (lines.length > 0) {
      yield encoder.encode(`${lines.join('\n')}\n`)
    }
  }
}
