/** Is notified of the steps of an exchange as they happen. Types only. */
export interface ExchangeObserver {
  attemptStarted: (target: string) => void
  /** The last attempt has content, or failed with that error type. May be called again. */
  attemptEnded: (failed: string | undefined) => void
  /** Returns what ends the run, with why it failed if it did. */
  toolStarted: (name: string, callId: string) => (failed: string | undefined) => void
}
