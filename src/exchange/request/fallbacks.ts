/** The models that answer instead of one that declines, in the same answer. */
import type { FallbackBlock } from '../../anthropic/answer/wire/complete-blocks.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import type { Report } from '../../anthropic/report.ts'
import type { FallbackEntry } from '../../anthropic/request/fallbacks.ts'
import type { AttemptTarget } from './targets.ts'

/** A fallback model with its targets. */
export interface Fallback {
  /** The model's id in the catalog. */
  id: string
  apply: FallbackEntry['apply']
  targets: readonly AttemptTarget[]
}

/** The fallback models of one request, in the client's order. */
export class Fallbacks {
  readonly #all: readonly Fallback[]
  readonly #remaining: Fallback[]
  #model: string
  #next: Fallback | undefined

  /** `model`: the one that is asked first, by the client's name. */
  constructor(model: string, all: readonly Fallback[]) {
    this.#model = model
    this.#all = all
    this.#remaining = all.filter(({ targets }) => targets.length > 0)
  }

  get isEmpty(): boolean {
    return this.#remaining.length === 0
  }

  /** Hands over to the next model, which {@link take} returns; undefined if there is none. */
  hop(): FallbackBlock | undefined {
    this.#next = this.#remaining.shift()
    if (this.#next === undefined) {
      return undefined
    }
    const [from, to] = [this.#model, this.#next.id]
    this.#model = to
    const trigger = { type: 'refusal', category: null } as const
    return { type: 'fallback', from: { model: from }, to: { model: to }, trigger }
  }

  /** The model that was handed over to and was not asked yet. */
  take():
    | { targets: readonly AttemptTarget[]; apply: (json: JsonObject) => JsonObject }
    | undefined {
    const next = this.#next
    this.#next = undefined
    return next
  }

  /** Reports entries that cannot be served. */
  report(report: Report): void {
    for (const [index, { targets }] of this.#all.entries()) {
      if (targets.length === 0) {
        report.drop(`fallbacks.${index}`)
      }
    }
  }
}
