/** Plans thinking: from the client's request to the provider's parameters. */
import type { JsonObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { DialectTarget } from '../../dialect.ts'
import { atPath, deepMerge } from '../conversation/deep-merge.ts'
import { nearestEffort, toBudget, toEffort } from './thinking-level.ts'
import type { Effort, ThinkingLevel } from './thinking-level.ts'
import type { ThinkingQuirks } from './thinking-quirks.ts'

/** The request fields for thinking, and whether the model will think. */
export interface ThinkingPlan {
  /** Fields merged into the request. */
  fields: JsonObject
  /** Whether the model is expected to think. */
  isOn: boolean
}

interface ThinkingContext {
  target: DialectTarget<ThinkingQuirks>
  report: Report
  /** The output limit, below which a thinking budget must stay. */
  maxTokens: number
  /** The client's `thinking`, for the report. */
  requested: MessagesRequest['thinking']
}

/** Plans thinking for one target, and reports what it cannot carry. */
export function planThinking(level: ThinkingLevel, context: ThinkingContext): ThinkingPlan {
  const { quirks, takes } = context.target
  if (takes.thinking === false) {
    reportLost(level, context)
    return { fields: {}, isOn: false }
  }
  if (level.wanted === 'off') {
    return planWithout(context)
  }
  const knob = toKnob(level, context)
  if (level.wanted === 'on') {
    const fields = deepMerge(quirks.thinking_on, knob ?? {})
    const isCarried = Object.keys(fields).length > 0 || quirks.thinks_by_default
    if (knob === undefined) {
      reportLost(isCarried ? { ...level, wanted: 'unset' } : level, context)
    }
    return { fields, isOn: isCarried }
  }
  if (knob === undefined) {
    reportLost(level, context)
  }
  return { fields: knob ?? {}, isOn: knob !== undefined || quirks.thinks_by_default }
}

/** Plans no thinking, or the least effort if thinking cannot be turned off. */
function planWithout({ target: { quirks }, report }: ThinkingContext): ThinkingPlan {
  if (quirks.thinking_off !== null) {
    return { fields: quirks.thinking_off, isOn: false }
  }
  const least = nearestEffort('none', quirks.efforts)
  if (least === undefined) {
    report.drop('thinking')
    return { fields: {}, isOn: true }
  }
  report.map('thinking', `${quirks.effort_field}=${least}`)
  return { fields: atPath(quirks.effort_field, least), isOn: true }
}

/**
 * The parameter for the amount: a budget if the client gave one and the provider supports it, else
 * the nearest effort.
 */
function toKnob(level: ThinkingLevel, context: ThinkingContext): JsonObject | undefined {
  const { quirks } = context.target
  const hasEfforts = quirks.efforts.length > 0
  const { effort, budget } = level
  if (
    quirks.budget_field !== null &&
    budget !== undefined &&
    (effort === undefined || !hasEfforts)
  ) {
    return budgetKnob(quirks.budget_field, budget, 'thinking.budget_tokens', context)
  }
  if (hasEfforts) {
    return effortKnob(level, context)
  }
  if (quirks.budget_field !== null && level.wanted === 'on' && effort !== undefined) {
    return budgetKnob(quirks.budget_field, toBudget(effort), 'output_config.effort', context)
  }
  return undefined
}

function effortKnob(
  { wanted, effort, budget }: ThinkingLevel,
  { target: { quirks }, report }: ThinkingContext,
): JsonObject | undefined {
  const fromBudget = budget === undefined ? undefined : toEffort(budget)
  // Anthropic's default effort is high.
  const requestedEffort: Effort | undefined =
    effort ?? fromBudget ?? (wanted === 'on' ? 'high' : undefined)
  const nearest =
    requestedEffort === undefined ? undefined : nearestEffort(requestedEffort, quirks.efforts)
  if (nearest === undefined) {
    return undefined
  }
  const became = `${quirks.effort_field}=${nearest}`
  if (budget !== undefined) {
    report.map('thinking.budget_tokens', became)
  }
  if (effort !== undefined && effort !== nearest) {
    report.map('output_config.effort', became)
  }
  return atPath(quirks.effort_field, nearest)
}

function budgetKnob(
  field: string,
  wanted: number,
  path: string,
  { target, report, maxTokens }: ThinkingContext,
): JsonObject | undefined {
  const [least, most] = target.quirks.budget_range
  if (maxTokens <= least) {
    return undefined
  }
  const budget = Math.max(least, Math.min(wanted, most, maxTokens - 1))
  if (path !== 'thinking.budget_tokens' || budget !== wanted) {
    report.map(path, `${field}=${budget}`)
  }
  return atPath(field, budget)
}

/** Reports what no parameter carries. `adaptive` is not reported, since clients always send it. */
function reportLost({ wanted, effort, budget }: ThinkingLevel, context: ThinkingContext): void {
  const { report, requested } = context
  if (budget !== undefined) {
    report.drop('thinking.budget_tokens')
  } else if (wanted === 'on' && requested?.type === 'adaptive') {
    report.ignore('thinking')
  }
  if (effort !== undefined) {
    report.drop('output_config.effort')
  }
}
