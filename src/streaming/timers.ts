/**
 * The timeouts of one request on a single platform timer: a platform timer costs as much as reading
 * a chunk, and hardly any timeout ever fires.
 */

interface Timer {
  /** When the timer fires, in epoch milliseconds. */
  dueAt: number
  act: () => void
}

/**
 * The clock and the timers of one request, since a platform timer belongs to the request that
 * created it.
 */
export class RequestTimers {
  /** The clock, in epoch milliseconds. */
  readonly now: () => number
  readonly #timers = new Set<Timer>()
  #timeout: ReturnType<typeof setTimeout> | undefined
  #firesAt = Infinity

  constructor(now: () => number) {
    this.now = now
  }

  /** Calls `act` once, in `afterMs` milliseconds. Returns a function that clears the timer. */
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

  /**
   * Runs the timers that are due. It may fire for a timer that was cleared: then the next one is
   * set.
   */
  readonly #fire = (): void => {
    this.#timeout = undefined
    this.#firesAt = Infinity
    const now = this.now()
    for (const timer of [...this.#timers].filter(({ dueAt }) => dueAt <= now)) {
      // A timer may clear others when it fires.
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
  /** The timeout until the response headers. */
  headMs: number
  /**
   * The timeout until the first byte of the body; also until headers that arrive with the complete response.
   */
  firstByteMs: number
  /** The timeout between any two bytes, comments included. */
  idleMs: number
  /** The timeout until the end of the body. */
  totalMs: number
}

/** The deadlines of one attempt. Times are milliseconds; `onExpire` gets the timeout that was exceeded. */
export interface DeadlineOptions {
  timeouts: Timeouts
  timers: RequestTimers
  /** When the request was sent, in epoch milliseconds. */
  sentAt: number
  /** Returns whether the relay waits for the upstream; otherwise silence is not the upstream's. */
  isWaiting: () => boolean
  /** Called once, with the timeout that was exceeded. */
  onExpire: (afterMs: number) => void
}

/**
 * Enforces the timeouts of one body, from the headers on. Bytes do not reset the timer; when it
 * fires, it checks the time of the last bytes.
 */
export class BodyDeadline {
  readonly #options: DeadlineOptions
  #lastAt: number | undefined
  #cancel: () => void

  constructor(options: DeadlineOptions) {
    this.#options = options
    this.#cancel = options.timers.set(this.#next().dueAt - options.timers.now(), this.#check)
  }

  /** Restarts the idle timeout: bytes arrived, or the upstream is read again after backpressure. */
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
