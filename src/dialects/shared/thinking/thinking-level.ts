/**
 * How much thinking the client asked for. Two fields of Anthropic's say it, `thinking` and
 * `output_config.effort`, and clients send contradictory pairs; every dialect asks here, so that
 * one upstream knob is set and not two.
 */
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'

/** From least to most. `none` and `minimal` are upstreams' words; Anthropic's begin at `low`. */
const effortScale = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const

export type Effort = (typeof effortScale)[number]

export interface ThinkingLevel {
  /** `unset`: the client left it to the model. `off` carries neither effort nor budget. */
  wanted: 'on' | 'off' | 'unset'
  effort?: Effort
  /** In tokens. */
  budget?: number
}

/**
 * `disabled` wins over an effort. `between_tools` has no counterpart elsewhere and counts as off,
 * as Anthropic's does outside of tool loops.
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

/** The effort that a budget stands for, where an upstream knows efforts only. */
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

/** The budget in tokens that an effort stands for, where an upstream knows budgets only. */
export function toBudget(effort: Effort): number {
  return budgets[effort]
}

/** The nearest of the efforts that an upstream knows, the higher of two that are equally near. */
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

/** No thinking in place of what the client asked for, which is reported. */
export function dropThinking({ wanted, effort }: ThinkingLevel, report: Report): ThinkingLevel {
  if (wanted === 'on') {
    report.drop('thinking')
  }
  if (effort !== undefined) {
    report.drop('output_config.effort')
  }
  return { wanted: 'off' }
}
