/** What can be repaired in a request that an upstream has refused: one {@link Repair} for each kind. */
import type { Report } from '../../anthropic/report.ts'
import { withoutRefusedThoughts } from '../../anthropic/request/thoughts.ts'
import { omitKeys } from '../../dialects/shared/tools/schema-walk.ts'
import type { Adjustment } from '../policy/adjustments.ts'
import type { RefusedField } from '../policy/refused-field.ts'
import { findRefusedField, withoutRefused } from '../policy/refused-field.ts'
import type { Draft } from './protocol.ts'

/** What an upstream refused a request with: an error response, or an error as a stream's first event. */
export interface Refusal {
  status: number
  body: string
}

/** Finds the adjustment for one kind of refusal; undefined where this is another. */
type Repair = (refusal: Refusal, draft: Draft) => Adjustment | undefined

/** The first that finds an adjustment is applied. */
const repairs: readonly Repair[] = [withoutForeignThinking, withoutRefusedField]

/** The adjustment for a refusal, if there is one that `applied` does not hold. */
export function repair(
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

/** A model that is to think wants its last reasoning back; and so does what prunes reasoning. */
const needThinking = ['thinking', 'context_management']

/** Leaves out reasoning that another account or host has signed. */
function withoutForeignThinking(refusal: Refusal, { client, upstream }: Draft) {
  if (withoutRefusedThoughts(refusal, client) === undefined) {
    return undefined
  }
  const fields = upstream === undefined ? needThinking : []
  return {
    id: 'messages.thinking',
    isLasting: false,
    toClient(json, report) {
      const left = withoutRefusedThoughts(refusal, json) ?? json
      for (const field of ['messages.thinking', ...fields.filter((name) => name in left)]) {
        report.drop(field)
      }
      return omitKeys(left, new Set(fields))
    },
    toUpstream: undefined,
  } satisfies Adjustment
}

/** Leaves out a field that this model does not take, or gives it the name that it has there. */
function withoutRefusedField(refusal: Refusal, { upstream }: Draft) {
  const refused = upstream && findRefusedField(refusal, { ...upstream.body })
  return refused && toAdjustment(refused)
}

function toAdjustment(refused: RefusedField): Adjustment {
  return {
    id: `${refused.field}=${refused.value ?? '*'}`,
    isLasting: true,
    toClient: undefined,
    toUpstream(upstream, { stop_sequences: stops }, report) {
      const { body, found } = withoutRefused({ ...upstream.body }, [refused])
      if (found.length === 0) {
        return upstream
      }
      if (refused.instead === undefined) {
        reportLoss(refused.field, report)
      }
      const enforceStops =
        refused.field === 'stop'
          ? [...new Set(stops ?? [])].filter((sequence) => sequence !== '')
          : upstream.enforceStops
      return { ...upstream, body, enforceStops }
    },
  }
}

/** Reports by the client's name of the field; what the client never asked for is no loss. */
function reportLoss(field: string, report: Report): void {
  const asked = Object.hasOwn(clientFields, field) ? clientFields[field] : undefined
  if (asked === undefined) {
    report.ignore(field)
  } else if (asked !== null) {
    report.drop(asked)
  }
}

/** The upstreams' fields by the client's names; null for what the gateway does in the upstream's place. */
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
