/**
 * The results of one run of a slice: written to an object, and then committed to the batch, every few items or
 * seconds. An object has all lines of the run, so that a slice has few objects in the end.
 */
import { concatenate } from '../../platform/bytes.ts'
import type { ObjectStore } from '../../store/object-store.ts'
import type { Progress, Verdict } from '../protocol.ts'

/** Items of a commit. A crash repeats these, and those that run. */
const itemsPerCommit = 8

/** Items that may wait for a commit while commits fail. */
const maxUncommitted = 24

/** How often a run without results reports that it is alive, and learns whether to stop, in milliseconds. */
const commitEveryMs = 5000

/** Attempts to commit the last results. */
const lastAttempts = 3

/** The destination of a run's results, and how its progress is committed to the batch. */
export interface SliceOutputOptions {
  objects: ObjectStore
  /** The prefix of the objects of the batch's results. */
  prefix: string
  slice: number
  token: number
  commit: (progress: Progress) => Promise<Verdict>
  pauses: () => Record<string, number>
  /** Called when no other item may begin. */
  onStop: () => void
}

/** Collects the result lines of one run of a slice, and writes and commits them together. */
export class SliceOutput {
  readonly #options: SliceOutputOptions
  readonly #lines: Uint8Array[] = []
  #settled: Progress['settled'] = []
  /** The number of the object that is committed, and of the last one that was written. */
  #output = 0
  #written = 0
  /** Objects in whose place later ones came. */
  readonly #replaced: string[] = []
  #isStale = false
  /** The last commit, and the one that has not begun. */
  #last: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined
  readonly #timer: ReturnType<typeof setInterval>

  constructor(options: SliceOutputOptions) {
    this.#options = options
    this.#timer = setInterval(() => void this.#commitLater(), commitEveryMs)
  }

  /** Adds a result; resolves when another item may begin. */
  async add(index: number, outcome: 's' | 'e', line: string): Promise<void> {
    this.#lines.push(new TextEncoder().encode(line))
    this.#settled.push([index, outcome])
    if (this.#settled.length >= itemsPerCommit) {
      await this.#commitLater()
    }
    if (this.#settled.length >= maxUncommitted) {
      this.#options.onStop()
    }
  }

  /** Commits the rest. Throws if that fails: the items then run again when the lease has expired. */
  async end(): Promise<void> {
    clearInterval(this.#timer)
    await this.#last
    for (let attempt = 1; this.#settled.length > 0 && !this.#isStale; attempt++) {
      try {
        await this.#commit()
      } catch (error) {
        if (attempt === lastAttempts) {
          throw error
        }
      }
    }
    await this.#options.objects.delete(this.#replaced)
  }

  #commitLater(): Promise<void> {
    this.#next ??= this.#commitAfter(this.#last)
    this.#last = this.#next
    return this.#next
  }

  async #commitAfter(last: Promise<void>): Promise<void> {
    await last
    this.#next = undefined
    try {
      await this.#commit()
    } catch {
      // The next commit has the same results and more; the last one reports its error.
    }
  }

  async #commit(): Promise<void> {
    if (this.#isStale) {
      return
    }
    const { objects, slice, token, commit, pauses, onStop } = this.#options
    const before = this.#output
    // A number is never used again: an object that is committed must not change.
    const output = this.#settled.length === 0 ? before : (this.#written += 1)
    // More may be settled while this is written: it is in the next object.
    const sent = this.#settled.slice()
    const bytes = concatenate(this.#lines)
    if (output > before) {
      await objects.put(this.#toName(output), bytes)
    }
    const verdict = await commit({ slice, token, output, settled: sent, pauses: pauses() })
    this.#settled = this.#settled.slice(sent.length)
    this.#output = output
    this.#isStale = verdict === 'stale'
    if (verdict !== 'continue') {
      onStop()
    }
    if (output > before && before > 0) {
      this.#replaced.push(this.#toName(before))
    }
  }

  #toName(output: number): string {
    const { prefix, slice, token } = this.#options
    return `${prefix}${slice}.${token}.${output}`
  }
}
