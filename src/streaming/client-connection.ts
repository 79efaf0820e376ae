/**
 * Whether the client is still connected, with one `abort` listener per request: each access to the
 * request's signal and each listener has a cost, and several parts of a request are notified.
 */

/** The connection of one request. */
export class ClientConnection {
  readonly #request: Pick<Request, 'signal'>
  readonly #listeners = new Set<() => void>()
  #signal: AbortSignal | undefined
  #disconnected = false

  constructor(request: Pick<Request, 'signal'>) {
    this.#request = request
  }

  /** Whether the client has disconnected; false before the first {@link onDisconnect}. */
  get disconnected(): boolean {
    return this.#disconnected
  }

  /**
   * Calls `act` when the client disconnects; immediately if it has. Returns a function that
   * unsubscribes.
   */
  onDisconnect(act: () => void): () => void {
    this.#listen()
    if (this.#disconnected) {
      act()
    } else {
      this.#listeners.add(act)
    }
    return () => this.#listeners.delete(act)
  }

  /**
   * Removes the listener when the exchange is over. Until then the platform retains everything that
   * the listener refers to.
   */
  release(): void {
    this.#signal?.removeEventListener('abort', this.#notify)
  }

  #listen(): void {
    if (this.#signal === undefined) {
      const { signal } = this.#request
      this.#signal = signal
      this.#disconnected = signal.aborted
      signal.addEventListener('abort', this.#notify)
    }
  }

  readonly #notify = (): void => {
    this.#disconnected = true
    for (const act of this.#listeners) {
      act()
    }
    this.#listeners.clear()
  }
}
