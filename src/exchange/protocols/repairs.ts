/** Repairs of a refused request: one {@link Repair} for each kind of refusal. */
import type { JsonObject } from '../../anthropic/json.ts'
import { isObject } from '../../anthropic/json.ts'
import type { Report } from '../../anthropic/report.ts'
import { routineFields } from '../../anthropic/request/extra-fields.ts'
import { withoutRefusedThinkingBlocks } from '../../anthropic/request/thinking-blocks.ts'
import { omitKeys } from '../../dialects/shared/schema/schema-walk.ts'
import type { Adjustment } from '../policy/adjustments.ts'
import type { Refusal } from '../policy/refusal.ts'
import { findRefusedBetas } from '../policy/refused-content.ts'
import type { RefusedField } from '../policy/refused-field.ts'
import { findRefusedFields, holdsForAll, withoutRefused } from '../policy/refused-field.ts'
import { isUnconditional, subjects } from '../policy/unconditional.ts'
import {
  withLowerLimit,
  withoutRefusedMedia,
  withoutOutputFormat,
  withoutReasoning,
  withoutThinking,
} from './conversation-repairs.ts'
import type { Draft } from './protocol.ts'

/** Finds the adjustment for one kind of refusal; undefined for other refusals. */
type Repair = (refusal: Refusal, draft: Draft) => Adjustment | undefined

/** All repairs; the first that finds an adjustment is applied. */
const repairs: readonly Repair[] = [
  withoutForeignThinking,
  withoutThinking,
  withoutReasoning,
  withoutRefusedMedia,
  withLowerLimit,
  withoutOutputFormat,
  withoutRefusedBetas,
  withoutRefusedFields,
]

/** Finds the adjustment for a refusal, if there is one that is not in `applied`. */
export function findRepair(
  refusal: Refusal,
  draft: Draft,
  applied: readonly Adjustment[],
): Adjustment | undefined {
  for (const find of repairs) {
    const adjustment = find(refusal, draft)
    if (adjustment !== undefined && applied.every(({ id }) => id !== adjustment.id)) {
      return adjustment
    }
  }
  return undefined
}

/** Fields that require the reasoning of earlier turns, or prune it. */
const needThinking = ['thinking', 'context_management']

/** Omits reasoning with a signature of another account or host. */
function withoutForeignThinking(refusal: Refusal, { client, upstream }: Draft) {
  if (withoutRefusedThinkingBlocks(refusal, client) === undefined) {
    return undefined
  }
  const fields = upstream === undefined ? needThinking : []
  return {
    id: 'messages.thinking',
    isLasting: false,
    toClient(json, report) {
      const repaired = withoutRefusedThinkingBlocks(refusal, json) ?? json
      for (const field of ['messages.thinking', ...fields.filter((name) => name in repaired)]) {
        report.drop(field)
      }
      return omitKeys(repaired, new Set(fields))
    },
    toUpstream: undefined,
    omittedBetas: undefined,
  } satisfies Adjustment
}

/** Omits values of `anthropic-beta` that a host does not support. */
function withoutRefusedBetas(refusal: Refusal, { host }: Draft): Adjustment | undefined {
  const omittedBetas = findRefusedBetas(refusal, host?.betas ?? [])
  return (
    omittedBetas && {
      id: `anthropic-beta=${omittedBetas === 'all' ? '*' : omittedBetas.join(',')}`,
      isLasting: isUnconditional(refusal, subjects.betas, host?.betas),
      toClient: undefined,
      toUpstream: undefined,
      omittedBetas,
    }
  )
}

/** Sampling parameters, which some protocols have in a nested object. */
const sampling = ['temperature', 'top_p', 'top_k']

/** Omits fields that this model does not accept, or renames them. */
function withoutRefusedFields(refusal: Refusal, draft: Draft): Adjustment | undefined {
  const { client, upstream, host } = draft
  if (upstream === undefined) {
    const refused = host === undefined ? [] : findRefusedFields(refusal, client)
    return refused.length === 0
      ? undefined
      : withoutClientFields(refused, holdsForAll(refusal, refused))
  }
  const body: JsonObject = { ...upstream.body }
  const nested = Object.fromEntries(
    sampling
      .filter((name) => name in client && isNested(name, body))
      .map((name) => [name, client[name]]),
  )
  const sent = { ...nested, ...body }
  const refused = findRefusedFields(refusal, sent)
  const isLasting = holdsForAll(refusal, refused)
  const inside = refused.filter(({ field }) => field in nested)
  if (inside.length > 0) {
    return withoutClientFields(inside, isLasting)
  }
  // A client that asks for structured output must learn of each refusal.
  const isOfOutput = refused.some(({ field }) => clientFields[field] === 'output_config.format')
  return refused.length === 0 ? undefined : toAdjustment(refused, isLasting && !isOfOutput)
}

/** Whether a nested object of the body has that field, in either spelling of its name. */
function isNested(name: string, body: JsonObject): boolean {
  const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  return Object.values(body).some((value) => isObject(value) && (name in value || camel in value))
}

function withoutClientFields(refused: readonly RefusedField[], isLasting: boolean): Adjustment {
  const fields = refused.map(({ field }) => field)
  return {
    id: `client ${fields.join(',')}`,
    isLasting,
    toClient(json, report) {
      const present = fields.filter((field) => field in json)
      for (const field of present) {
        if (routineFields.has(field)) {
          report.ignore(field)
        } else {
          report.drop(field)
        }
      }
      return present.length === 0 ? json : omitKeys(json, new Set(present))
    },
    toUpstream: undefined,
    omittedBetas: undefined,
  }
}

function toAdjustment(refused: readonly RefusedField[], isLasting: boolean): Adjustment {
  return {
    id: refused.map(({ field, value }) => `${field}=${value ?? '*'}`).join(','),
    isLasting,
    toClient: undefined,
    toUpstream(upstream, { stop_sequences: stops }, report) {
      const { body, found } = withoutRefused({ ...upstream.body }, refused)
      if (found.length === 0) {
        return upstream
      }
      for (const { field, instead } of found) {
        if (instead === undefined) {
          reportLoss(field, report)
        }
      }
      const enforceStops = found.some(({ field }) => field === 'stop')
        ? [...new Set(stops ?? [])].filter((sequence) => sequence !== '')
        : upstream.enforceStops
      return { ...upstream, body, enforceStops }
    },
    omittedBetas: undefined,
  }
}

/**
 * Reports the loss of a field by its client name; fields that the client did not send are not
 * reported.
 */
function reportLoss(field: string, report: Report): void {
  const clientValue = Object.hasOwn(clientFields, field) ? clientFields[field] : undefined
  if (clientValue === undefined) {
    report.ignore(field)
  } else if (clientValue !== null) {
    report.drop(clientValue)
  }
}

/**
 * The client's names of upstream fields; null for what the gateway does instead of the upstream.
 */
const clientFields: Readonly<Record<string, string | null>> = {
  temperature: 'temperature',
  top_p: 'top_p',
  top_k: 'top_k',
  max_tokens: 'max_tokens',
  max_completion_tokens: 'max_tokens',
  max_output_tokens: 'max_tokens',
  stop: null,
  tool_choice: 'tool_choice',
  parallel_tool_calls: 'tool_choice.disable_parallel_tool_use',
  response_format: 'output_config.format',
  text: 'output_config.format',
  outputConfig: 'output_config.format',
  reasoning: 'thinking',
  reasoning_effort: 'thinking',
  thinking: 'thinking',
  enable_thinking: 'thinking',
  thinking_budget: 'thinking',
  chat_template_kwargs: 'thinking',
  additionalModelRequestFields: 'thinking',
  service_tier: 'service_tier',
}
