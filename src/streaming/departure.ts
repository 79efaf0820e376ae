/**
 * That the client has left, by one listener of the platform a call: its signal costs at every look and
 * with every listener, and several are to be told in the course of a call.
 */

export interface Departure {
  /** As far as is known: it is looked for from the first {@link watch} on. */
  readonly left: boolean
  /** Acts when the client leaves; at once where it has. Returns what takes that back. */
  watch: (act: () => void) => () => void
  /** The call is over. Until then the platform keeps all that the listener can see. */
  end: () => void
}

/** Of the client of that request. */
export function createDeparture(request: Request): Departure {
  const acts = new Set<() => void>()
  let signal: AbortSignal | undefined
  const departure = {
    left: false,
    watch(act: () => void): () => void {
      listen()
      if (departure.left) {
        act()
      } else {
        acts.add(act)
      }
      return () => acts.delete(act)
    },
    end() {
      signal?.removeEventListener('abort', leave)
    },
  }

  function listen(): void {
    if (signal === undefined) {
      ;({ signal } = request)
      departure.left = signal.aborted
      signal.addEventListener('abort', leave)
    }
  }

  function leave(): void {
    departure.left = true
    for (const act of acts) {
      act()
    }
    acts.clear()
  }

  return departure
}
