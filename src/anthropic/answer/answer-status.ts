/** The status of an answer, and what the client has received of it. Types only. */
import type { Failure } from '../error.ts'
import type { Part, ReportedUsage } from './part.ts'
import type { StopReason } from './wire/message.ts'

/**
 * The status of an answer. `held` and `continues` are ends of a model's output after which the message itself
 * continues; `complete` and `failed` are final.
 */
export type AnswerStatus =
  /** No content was sent: another upstream may answer instead. */
  | { phase: 'pending' }
  /** Content was sent. */
  | { phase: 'streaming' }
  /** The upstream has written all of the answer, whose end waits for something else. */
  | { phase: 'held' }
  /** The upstream's message is complete, but the answer continues with another message. */
  | { phase: 'continues' }
  /**
   * The message is complete; the rest of the body is not needed. `stopReason`: undefined if
   * unknown.
   */
  | { phase: 'complete'; stopReason: StopReason | undefined }
  /**
   * `retriable`: no content was sent, so that another upstream may answer. Otherwise the client was
   * sent the error.
   */
  | { phase: 'failed'; failure: Failure; retriable: boolean }

/** Receives the parts of an upstream's message. */
export interface PartSink {
  readonly status: AnswerStatus
  /** Whether the message is complete or has failed: what comes now is ignored. */
  readonly isOver: boolean
  write: (parts: readonly Part[]) => void
  /** Begins with another upstream. */
  restart: () => void
  delivered: () => Delivered
}

/** What was sent to the client, whether or not it is complete. */
export interface Delivered {
  /** The usage that the upstream has reported last, as received; undefined if it has reported none. */
  usage: ReportedUsage | undefined
  /** Characters of content; approximately for a message that is passed through. */
  characters: number
  /** The part of `characters` that `usage` includes, since it was received before. */
  countedCharacters: number
}

/** The delivery of an answer of which the client has received nothing. */
export const nothingDelivered: Delivered = {
  usage: undefined,
  characters: 0,
  countedCharacters: 0,
}
