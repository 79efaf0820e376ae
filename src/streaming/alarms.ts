/**
 * What one call does when something takes too long, by a single timer of the platform: each of those
 * costs as much as reading a chunk, and hardly any ever fires.
 */

export interface Alarms {
  /** Acts once, in `afterMs` milliseconds. Returns what takes that back. */
  set: (afterMs: number, act: () => void) => () => void
}

interface Alarm {
  /** In epoch milliseconds. */
  dueAt: number
  act: () => void
}

/** For one call: a timer belongs to the request in which it was made. */
export function createAlarms(): Alarms {
  const alarms = new Set<Alarm>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let firesAt = Infinity

  function disarm(): void {
    if (timer !== undefined) {
      clearTimeout(timer)
      timer = undefined
      firesAt = Infinity
    }
  }

  function arm(dueAt: number): void {
    disarm()
    firesAt = dueAt
    timer = setTimeout(fire, Math.max(0, dueAt - Date.now()))
  }

  /** It may come for an alarm that was taken back since: then it is set for the next one. */
  function fire(): void {
    timer = undefined
    firesAt = Infinity
    const now = Date.now()
    const due = [...alarms].filter(({ dueAt }) => dueAt <= now)
    for (const alarm of due) {
      // One that acts may take others back.
      if (alarms.delete(alarm)) {
        alarm.act()
      }
    }
    const next = Math.min(...[...alarms].map(({ dueAt }) => dueAt))
    if (next < firesAt) {
      arm(next)
    }
  }

  return {
    set(afterMs, act) {
      const alarm = { dueAt: Date.now() + afterMs, act }
      alarms.add(alarm)
      if (alarm.dueAt < firesAt) {
        arm(alarm.dueAt)
      }
      return () => {
        alarms.delete(alarm)
        if (alarms.size === 0) {
          disarm()
        }
      }
    },
  }
}
