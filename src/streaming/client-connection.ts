/**
 * Whether the client is still connected, by one listener of the platform per request: each look at the
 * request's signal and each listener costs, and several parts of a request are to be notified.
 */

/** The connection that one request came on. */
export class ClientConnection {
  readonly #request: Request
  readonly #listeners = new Set<() => void>()
  #signal: AbortSignal | undefined
  #disconnected = false

  constructor(request: Request) {
    this.#request = request
  }

  /** Whether the client has disconnected, as far as is known: nothing is known before {@link onDisconnect}. */
  get disconnected(): boolean {
    return this.#disconnected
  }

  /** Acts when the client disconnects; at once where it has. Returns what unsubscribes. */
  onDisconnect(act: () => void): () => void {
    this.#listen()
    if (this.#disconnected) {
      act()
    } else {
      this.#listeners.add(act)
    }
    return () => this.#listeners.delete(act)
  }

  /** Ends listening, when the exchange is over. Until then the platform retains all that the listener can see. */
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
