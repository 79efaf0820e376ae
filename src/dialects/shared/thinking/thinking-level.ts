/**
 * The amount of thinking that the client asked for. Two fields contain it, `thinking` and
 * `output_config.effort`, and clients send contradictory pairs; all dialects use this reading of
 * them.
 */
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'

/**
 * The efforts from least to most. Only upstreams have `none` and `minimal`; Anthropic's begin at
 * `low`.
 */
const effortScale = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const

/** A name of an effort, from `low` to `max`. */
export type Effort = (typeof effortScale)[number]

/** Whether the client wants thinking, and how much: an effort or a budget of tokens. */
export interface ThinkingLevel {
  /**
   * Whether thinking is requested. `unset`: by default of the model. `off`: without effort and
   * budget.
   */
  wanted: 'on' | 'off' | 'unset'
  effort?: Effort
  /** The thinking budget in tokens. */
  budget?: number
}

/**
 * Reads the level of a request. `disabled` takes precedence over an effort. `between_tools` has no
 * counterpart elsewhere and counts as off, as it is with Anthropic outside tool loops.
 */
export function toThinkingLevel(
  request: Pick<MessagesRequest, 'thinking' | 'output_config'>,
): ThinkingLevel {
  const type = request.thinking?.type
  if (type === 'disabled' || type === 'between_tools') {
    return { wanted: 'off' }
  }
  const effort = request.output_config?.effort ?? undefined
  const budget = type === 'enabled' ? request.thinking?.budget_tokens : undefined
  return {
    wanted: type === undefined ? 'unset' : 'on',
    ...(effort === undefined ? {} : { effort }),
    ...(typeof budget === 'number' ? { budget } : {}),
  }
}

/** The effort for a budget in tokens, for upstreams that support only efforts. */
export function toEffort(budget: number): Effort {
  if (budget < 2000) {
    return 'low'
  }
  return budget < 10_000 ? 'medium' : 'high'
}

const budgets: Record<Effort, number> = {
  none: 0,
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 16_384,
  xhigh: 32_768,
  max: 65_536,
}

/** The budget in tokens for an effort, for upstreams that support only budgets. */
export function toBudget(effort: Effort): number {
  return budgets[effort]
}

/** The nearest effort that an upstream supports, the higher of two equally near ones. */
export function nearestEffort(wanted: Effort, known: readonly Effort[]): Effort | undefined {
  const target = effortScale.indexOf(wanted)
  const distance = (effort: Effort): number => Math.abs(effortScale.indexOf(effort) - target)
  return effortScale
    .filter((effort) => known.includes(effort))
    .reduce<Effort | undefined>(
      (best, effort) => (best === undefined || distance(effort) <= distance(best) ? effort : best),
      undefined,
    )
}

/** Reads the level of a request, which is off if the rest of the request excludes thinking. */
export function toAllowedLevel(
  request: Parameters<typeof toThinkingLevel>[0],
  isExcluded: boolean,
  { thinks_by_default: byDefault }: { thinks_by_default: boolean },
  report: Report,
): ThinkingLevel {
  const level = toThinkingLevel(request)
  const isThinking = level.wanted === 'on' || level.effort !== undefined || byDefault
  return isExcluded && isThinking ? dropThinking(level, report) : level
}

/** Turns thinking off, and reports that if the client asked for it. */
function dropThinking({ wanted, effort }: ThinkingLevel, report: Report): ThinkingLevel {
  if (wanted === 'on') {
    report.drop('thinking')
  }
  if (effort !== undefined) {
    report.drop('output_config.effort')
  }
  return { wanted: 'off' }
}
