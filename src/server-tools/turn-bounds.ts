/**
 * How much one answer may take. Then it pauses with `pause_turn`, and its client continues it in a request
 * of its own, which has time and subrequests of its own.
 */
import type { ServerToolSettings } from './settings.ts'

/** The maximal number of model calls, as at Anthropic. */
const maxModelCalls = 10

/** Clients wait for ten minutes, the last model call included. */
const defaultSeconds = 540

/** Below what a request may make on the paid plan of Workers, with a margin for one more step. */
const defaultSubrequests = 900

/** What a turn has used of its bounds. */
export interface Spent {
  modelCalls: number
  /** Requests to models, back ends and pages. */
  subrequests: number
  /** Milliseconds since the request arrived. */
  ms: number
}

/** Whether another model call is too much. */
export function isOverBounds(
  { modelCalls, subrequests, ms }: Spent,
  { max_seconds, max_subrequests }: Pick<ServerToolSettings, 'max_seconds' | 'max_subrequests'>,
): boolean {
  return (
    modelCalls >= maxModelCalls ||
    ms >= (max_seconds ?? defaultSeconds) * 1000 ||
    subrequests >= (max_subrequests ?? defaultSubrequests)
  )
}
