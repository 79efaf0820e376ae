/** What the Worker, the queue's consumer and a batch's object exchange: plain data. Types only. */
import type { KeyRecord } from '../keys/record.ts'

/** A part of a batch: so many requests in one object, which one consumer runs. */
export interface NewSlice {
  /** The `custom_id` of each request. */
  ids: string[]
}

/** What a batch's object is created with. Times are epoch milliseconds. */
export interface NewBatchRecord {
  id: string
  /** The key that made it, as it was then. */
  key: KeyRecord
  /** The URL of the client's request, and headers of it that every item is sent with. */
  url: string
  headers: Record<string, string>
  slices: NewSlice[]
  /** Epoch milliseconds. */
  createdAt: number
  /** When what has not run expires. */
  expiresAt: number
  /** When the results are deleted. */
  archivedAt: number
}

/** A batch as its object knows it. Times are in epoch milliseconds. */
export interface BatchState {
  id: string
  /** The id of the key that made it. */
  owner: string
  status: 'in_progress' | 'canceling' | 'ended'
  counts: BatchCounts
  createdAt: number
  expiresAt: number
  canceledAt: number | undefined
  endedAt: number | undefined
  archivedAt: number | undefined
}

/** The number of a batch's requests by their state, as `request_counts` has them. */
export interface BatchCounts {
  processing: number
  succeeded: number
  errored: number
  canceled: number
  expired: number
}

/** A message of the queue: a slice is to be run. */
export interface SliceMessage {
  batch: string
  slice: number
}

/** A job at a provider's own batch API, with items of one slice. */
export interface NativeJob {
  /** The URL of the job. */
  job: string
  /** The URL to which its requests would be sent one by one. */
  url: string
  /** The target with its secret's name, by which its health is known. */
  target: string
  /** The model for which the target was chosen, as the client named it. */
  model: string
  /** The items by index, which are their ids in the job. */
  items: number[]
  /** When it was submitted, in epoch milliseconds. */
  since: number
}

/** The right to run a slice, until another one gets it. */
export interface Claim {
  /** Fences off those who held the slice before. */
  token: number
  /** One character an item: `.` to do, `s` succeeded, `e` errored. */
  done: string
  /** How often the slice was put off. */
  tries: number
  /** Jobs that have not ended; undefined if none was tried. */
  jobs: NativeJob[] | undefined
  key: KeyRecord
  url: string
  headers: Record<string, string>
  /** The time by provider until which it takes no requests, in epoch milliseconds. */
  pauses: Record<string, number>
}

/** What a run has done since its claim. */
export interface Progress {
  slice: number
  token: number
  /** The number of the object with all result lines of this claim; 0 for none. */
  output: number
  /** Items by index, with their outcome. */
  settled: [index: number, outcome: 's' | 'e'][]
  pauses: Record<string, number>
}

/** Whether a run may continue: `stale`: another one holds the slice; `canceling`: no item may begin. */
export type Verdict = 'continue' | 'canceling' | 'stale'

/** The results of one slice: objects with lines, and the items without any. */
export interface SliceResults {
  outputs: string[]
  /** The `custom_id`s of what was canceled or has expired. */
  unsettled: string[]
}
