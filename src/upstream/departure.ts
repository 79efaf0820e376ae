/**
 * That the client has left, by one listener of the platform a call: its signal costs at every look and
 * with every listener, and several are to be told in the course of a call.
 */

export interface Departure {
  readonly left: boolean
  /** Acts when the client leaves; at once where it has. Returns what takes that back. */
  watch: (act: () => void) => () => void
  /** The call is over. Until then the platform keeps all that the listener can see. */
  end: () => void
}

/** Of the client whose request has this signal. */
export function createDeparture(signal: AbortSignal): Departure {
  const acts = new Set<() => void>()
  const departure = {
    left: signal.aborted,
    watch(act: () => void): () => void {
      if (departure.left) {
        act()
      } else {
        acts.add(act)
      }
      return () => acts.delete(act)
    },
    end() {
      signal.removeEventListener('abort', leave)
    },
  }

  function leave(): void {
    departure.left = true
    for (const act of acts) {
      act()
    }
    acts.clear()
  }

  signal.addEventListener('abort', leave)
  return departure
}
