/** A stage between an upstream's parts and the answer writer. Types only. */
import type { Part } from './part.ts'

/** Changes the parts of one answer. Made for that answer. */
export interface PartStage {
  /** Takes parts in their order; returns those that may be written now. */
  write: (parts: readonly Part[]) => readonly Part[]
}

/**
 * The last stage of an answer whose end must wait: it withholds `stop` until something is known that
 * belongs to the end.
 */
export interface EndStage extends PartStage {
  /** Whether `stop` is withheld: nothing more is wanted of the upstream. */
  readonly isHolding: boolean
  /** Resolves to the rest of the answer, `stop` last. Must not throw for what an upstream sent. */
  finish: () => Promise<readonly Part[]>
}
