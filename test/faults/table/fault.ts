/** One fault: what the upstream does, and what every kind of client gets for it. */
import type { Script } from '../wire.ts'

export interface Fault {
  name: string
  script: Script
  /** What a stream gets where there is no other target. */
  stream: string
  /** What a plain request gets; as a stream where absent. */
  plain?: string
  /** What a stream gets where a second target answers `hello`; that answer where absent. */
  two?: string
  /** How often the only target is asked, retries counted; once where absent. */
  asked?: number
  /** Takes longer than the bench's limits: it is sent much. */
  isSlow?: boolean
}

/** The second target's answer. */
export const hello = '200 "hello" end_turn'
