/**
 * All that happens in a request because something takes too long, by a single timer of the platform:
 * each of those costs as much as reading a chunk, and hardly any ever fires.
 */

interface Timer {
  /** In epoch milliseconds. */
  dueAt: number
  act: () => void
}

/** The clock of one request, and its timers: a platform timer belongs to the request in which it was made. */
export class RequestTimers {
  /** In epoch milliseconds. */
  readonly now: () => number
  readonly #timers = new Set<Timer>()
  #timeout: ReturnType<typeof setTimeout> | undefined
  #firesAt = Infinity

  constructor(now: () => number) {
    this.now = now
  }

  /** Acts once, in `afterMs` milliseconds. Returns what takes that back. */
  set(afterMs: number, act: () => void): () => void {
    const timer = { dueAt: this.now() + afterMs, act }
    this.#timers.add(timer)
    if (timer.dueAt < this.#firesAt) {
      this.#arm(timer.dueAt)
    }
    return () => {
      this.#timers.delete(timer)
      if (this.#timers.size === 0) {
        this.#disarm()
      }
    }
  }

  #arm(dueAt: number): void {
    this.#disarm()
    this.#firesAt = dueAt
    this.#timeout = setTimeout(this.#fire, Math.max(0, dueAt - this.now()))
  }

  #disarm(): void {
    if (this.#timeout !== undefined) {
      clearTimeout(this.#timeout)
      this.#timeout = undefined
      this.#firesAt = Infinity
    }
  }

  /** May come for a timer that was taken back since: then the next one is armed. */
  readonly #fire = (): void => {
    this.#timeout = undefined
    this.#firesAt = Infinity
    const now = this.now()
    for (const timer of [...this.#timers].filter(({ dueAt }) => dueAt <= now)) {
      // One that acts may take others back.
      if (this.#timers.delete(timer)) {
        timer.act()
      }
    }
    const next = Math.min(...[...this.#timers].map(({ dueAt }) => dueAt))
    if (next < this.#firesAt) {
      this.#arm(next)
    }
  }
}

/** How long an upstream may take, in milliseconds. */
export interface Timeouts {
  /** Until the head of its response. */
  headMs: number
  /** Until the first byte of the body; also of a head that comes with the whole response. */
  firstByteMs: number
  /** Between bytes: of events, comments, anything. */
  idleMs: number
  /** Until the end of the body. */
  totalMs: number
}

export interface DeadlineOptions {
  timeouts: Timeouts
  timers: RequestTimers
  /** When the request was sent, in epoch milliseconds. */
  sentAt: number
  /** Whether the upstream is waited for; while it is not, a silence is not the upstream's. */
  isWaiting: () => boolean
  /** Called once, with the timeout that was exceeded. */
  onExpire: (afterMs: number) => void
}

/** Holds one body to its timeouts, from the head on. Bytes do not move the timer; it looks again when it is due. */
export class BodyDeadline {
  readonly #options: DeadlineOptions
  #lastAt: number | undefined
  #cancel: () => void

  constructor(options: DeadlineOptions) {
    this.#options = options
    this.#cancel = options.timers.set(this.#next().dueAt - options.timers.now(), this.#check)
  }

  /** Bytes came, or the upstream is read again after the client has taken what there was. */
  touch(): void {
    this.#lastAt = this.#options.timers.now()
  }

  stop(): void {
    this.#cancel()
  }

  #next(): { dueAt: number; afterMs: number } {
    const { timeouts, sentAt } = this.#options
    const { firstByteMs, idleMs, totalMs } = timeouts
    const silence =
      this.#lastAt === undefined
        ? { dueAt: sentAt + firstByteMs, afterMs: firstByteMs }
        : { dueAt: this.#lastAt + idleMs, afterMs: idleMs }
    const total = { dueAt: sentAt + totalMs, afterMs: totalMs }
    return silence.dueAt < total.dueAt ? silence : total
  }

  readonly #check = (): void => {
    const { timers, isWaiting, onExpire } = this.#options
    const now = timers.now()
    if (this.#lastAt !== undefined && !isWaiting()) {
      this.#lastAt = now
    }
    const { dueAt, afterMs } = this.#next()
    if (now >= dueAt) {
      onExpire(afterMs)
    } else {
      this.#cancel = timers.set(dueAt - now, this.#check)
    }
  }
}
