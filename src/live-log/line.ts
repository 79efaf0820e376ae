/** The log lines of requests to models, as the console shows them: those that writeLog gets. */
import * as z from 'zod/mini'

import { lazySchema } from '../platform/lazy-schema.ts'

/** The number of lines that are kept. */
export const keptLines = 2000

/** The fields that are read; a line may have others. */
export const liveLine = lazySchema(() =>
  z.looseObject({
    requestId: z.string(),
    keyId: z.optional(z.string()),
    status: z.number(),
    ms: z.number(),
    contentMs: z.optional(z.number()),
    costUsd: z.optional(z.number()),
    target: z.optional(z.string()),
    attempts: z.optional(
      z.array(z.object({ target: z.string(), failed: z.optional(z.string()), ms: z.number() })),
    ),
    adaptations: z.optional(
      z.array(z.object({ field: z.string(), action: z.string(), value: z.optional(z.string()) })),
    ),
  }),
)

/** A log line of a request, as far as the console shows it. */
export type LiveLine = z.infer<typeof liveLine>

/** What was logged, and when it arrived here. */
export interface StoredLine {
  /** Grows with each line. */
  id: number
  /** When the request ended, in epoch milliseconds. */
  at: number
  line: LiveLine
}

/** The filter of a list of lines; undefined fields match all. */
export interface LineFilter {
  /** Only lines after this id. */
  after: number | undefined
  /** Only those of one key. */
  key: string | undefined
  /** `ok`, `error`, or the digits of a status. */
  status: string | undefined
  /** A part of the line's text: a model, a target, an error, a request's id. */
  text: string | undefined
}

/** A line as HTTP shows it. */
export function toLineView({ id, at, line }: StoredLine): object {
  return { id, at: new Date(at).toISOString(), line }
}

/** Whether a line passes a filter. */
export function passes({ id, line }: StoredLine, filter: LineFilter): boolean {
  const { after = 0, key, status, text = '' } = filter
  return (
    id > after &&
    (key === undefined || line.keyId === key) &&
    passesStatus(line.status, status) &&
    (text === '' || JSON.stringify(line).toLowerCase().includes(text.toLowerCase()))
  )
}

function passesStatus(status: number, wanted = ''): boolean {
  switch (wanted) {
    case '':
      return true
    case 'ok':
      return status < 400
    case 'error':
      return status >= 400
    default:
      return String(status) === wanted
  }
}
