/** How long an upstream may take, and the watch that holds it to that: one alarm a body. */
import type { Alarms } from './alarms.ts'

/** In milliseconds. */
export interface Limits {
  /** Until its answer's head. */
  headMs: number
  /** Until the first byte of its body; of a head that comes with the whole answer too. */
  firstByteMs: number
  /** Between bytes: of events, comments, anything. */
  idleMs: number
  /** In all. */
  totalMs: number
}

export interface Watch {
  /** Bytes came, or the upstream is asked for more after the client has taken what there was. */
  touch: () => void
  stop: () => void
}

export interface Watched {
  limits: Limits
  alarms: Alarms
  /** When the request was sent, in epoch milliseconds. */
  sentAt: number
  /** Whether the upstream is waited for; while it is not, a silence is not its own. */
  waiting: () => boolean
  onExpire: (afterMs: number) => void
}

/** Watches from the head on. Bytes do not move the alarm; it looks again when it is due. */
export function watch({ limits, alarms, sentAt, waiting, onExpire }: Watched): Watch {
  let lastAt: number | undefined
  let stop = alarms.set(nextLimit().dueAt - Date.now(), look)

  function nextLimit(): { dueAt: number; afterMs: number } {
    const silence =
      lastAt === undefined
        ? { dueAt: sentAt + limits.firstByteMs, afterMs: limits.firstByteMs }
        : { dueAt: lastAt + limits.idleMs, afterMs: limits.idleMs }
    const total = { dueAt: sentAt + limits.totalMs, afterMs: limits.totalMs }
    return silence.dueAt < total.dueAt ? silence : total
  }

  function look(): void {
    const now = Date.now()
    if (lastAt !== undefined && !waiting()) {
      lastAt = now
    }
    const { dueAt, afterMs } = nextLimit()
    if (now >= dueAt) {
      onExpire(afterMs)
    } else {
      stop = alarms.set(dueAt - now, look)
    }
  }

  return {
    touch() {
      lastAt = Date.now()
    },
    stop: () => stop(),
  }
}
