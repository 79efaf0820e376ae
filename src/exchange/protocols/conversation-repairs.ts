/** Repairs of the conversation, and of the limits and the format of the answer. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, isObject } from '../../anthropic/json.ts'
import type { Report } from '../../anthropic/report.ts'
import { hasMedia, withoutMedia } from '../../anthropic/request/media.ts'
import {
  withThinkingDisabled,
  withoutThinkingBlocks,
} from '../../anthropic/request/thinking-blocks.ts'
import { omitKeys } from '../../dialects/shared/schema/schema-walk.ts'
import { toSchemaHint } from '../../dialects/shared/schema/structured-output.ts'
import type { Adjustment } from '../policy/adjustments.ts'
import { findOutputCap } from '../policy/output-cap.ts'
import type { Refusal } from '../policy/refusal.ts'
import {
  findRefusedMedia,
  refusesOutputFormat,
  refusesReasoningInHistory,
  wantsReasoningBack,
} from '../policy/refused-content.ts'
import { isUnconditional, subjects } from '../policy/unconditional.ts'
import type { Draft } from './protocol.ts'

/** Creates an adjustment of the client's request. */
function adjustment(
  id: string,
  isLasting: boolean,
  toClient: (json: JsonObject, report: Report) => JsonObject,
): Adjustment {
  return { id, isLasting, toClient, toUpstream: undefined, omittedBetas: undefined }
}

/** Replaces images or PDFs by a note for a model that does not support them. */
export function withoutRefusedMedia(refusal: Refusal, { client }: Draft): Adjustment | undefined {
  const present = mediaKinds.filter((each) => hasMedia(client, each))
  const kind = present.length === 0 ? undefined : findRefusedMedia(refusal, present)
  return (
    kind &&
    adjustment(`${kind}s`, isUnconditional(refusal, subjects.media), (json, report) =>
      withoutMedia(json, kind, report),
    )
  )
}

const mediaKinds = ['image', 'pdf'] as const

/** Omits earlier reasoning for a server that returns reasoning but does not accept it. */
export function withoutReasoning(refusal: Refusal, { client }: Draft): Adjustment | undefined {
  if (!refusesReasoningInHistory(refusal) || withoutThinkingBlocks(client) === undefined) {
    return undefined
  }
  return adjustment(
    'messages.thinking',
    isUnconditional(refusal, subjects.reasoning),
    (json, report) => {
      const repaired = withoutThinkingBlocks(json)
      if (repaired !== undefined) {
        report.drop('messages.thinking')
      }
      return repaired ?? json
    },
  )
}

/**
 * Disables thinking if it requires the reasoning of earlier tool calls, which another model made.
 */
export function withoutThinking(refusal: Refusal, { client }: Draft): Adjustment | undefined {
  if (!wantsReasoningBack(refusal) || asObject(client['thinking'])?.['type'] === 'disabled') {
    return undefined
  }
  return adjustment('thinking', false, withThinkingDisabled)
}

/** Lowers `max_tokens` to the upstream's limit. */
export function withLowerLimit(refusal: Refusal, { client }: Draft): Adjustment | undefined {
  const maxTokens = client['max_tokens']
  const cap = typeof maxTokens === 'number' ? findOutputCap(refusal, maxTokens) : undefined
  return cap === undefined
    ? undefined
    : adjustment(
        `max_tokens<=${cap}`,
        isUnconditional(refusal, subjects.outputLimit),
        (json, report) => limitTokens(json, cap, report),
      )
}

/**
 * The minimal budget for thinking
 * (https://docs.claude.com/en/docs/build-with-claude/extended-thinking).
 */
const leastBudget = 1024

function limitTokens(json: JsonObject, cap: number, report: Report): JsonObject {
  const maxTokens = json['max_tokens']
  if (typeof maxTokens !== 'number' || maxTokens <= cap) {
    return json
  }
  report.map('max_tokens', String(cap))
  const { thinking } = json
  const budget = isObject(thinking) ? thinking['budget_tokens'] : undefined
  if (!isObject(thinking) || typeof budget !== 'number' || budget < cap) {
    return { ...json, max_tokens: cap }
  }
  report.map('thinking.budget_tokens', String(Math.max(0, cap - 1)))
  return {
    ...json,
    max_tokens: cap,
    thinking: cap > leastBudget ? { ...thinking, budget_tokens: cap - 1 } : { type: 'disabled' },
  }
}

/** Asks for JSON in the system text if structured output is refused. */
export function withoutOutputFormat(refusal: Refusal, { client }: Draft): Adjustment | undefined {
  if (!refusesOutputFormat(refusal) || toFormat(client) === undefined) {
    return undefined
  }
  // Not lasting: another schema may be accepted.
  return adjustment('output_config.format', false, (json, report) => {
    const schema = toFormat(json)
    if (schema === undefined) {
      return json
    }
    report.map('output_config.format', 'system text')
    const config = asObject(json['output_config'])
    return {
      ...omitKeys(json, new Set(['output_format', 'output_config'])),
      ...(config === undefined ? {} : { output_config: omitKeys(config, new Set(['format'])) }),
      system: [...toBlocks(json['system']), { type: 'text', text: toSchemaHint(schema) }],
    }
  })
}

/** Returns the schema for structured output. */
function toFormat(json: JsonObject): JsonObject | undefined {
  const format = asObject(asObject(json['output_config'])?.['format'] ?? json['output_format'])
  return asObject(format?.['schema'])
}

function toBlocks(system: unknown): unknown[] {
  if (typeof system === 'string') {
    return system === '' ? [] : [{ type: 'text', text: system }]
  }
  return Array.isArray(system) ? system : []
}
