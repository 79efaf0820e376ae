/**
 * Top-level fields that no translated upstream supports. Those that are a promise to the user are
 * rejected, those that clients always send are ignored, all others are dropped; each is reported.
 */
import { invalidAt, invalidRequest } from '../error.ts'
import type { JsonObject } from '../json.ts'
import { asArray, asObject, isObject } from '../json.ts'
import type { Report } from '../report.ts'
import { unknownFields } from './request.ts'

/** Fields that Claude Code and SDKs always send, without which nothing is lost. */
export const routineFields: ReadonlySet<string> = new Set([
  'context_management',
  'diagnostics',
  'metadata',
  'safeguards',
  'service_tier',
  'speed',
  'betas',
  'billing_policy',
  'fallback_credit_token',
  'fallbacks',
])

/** Fields without which the answer would not be what the client asked for. */
const refused = new Set(['container', 'mcp_servers', 'compaction', 'inference_geo'])

/**
 * Reports the fields of a body that dialects do not translate. `upstream` names the target,
 * `toMapped` returns what the gateway itself answers, with what it reports of each. Throws
 * a {@link GatewayError} for rejected ones: that for `thread` has the error code on which the SDK's
 * tool runner sends the whole conversation (`thread_unsupported_request`).
 */
export function reportExtraFields(
  body: JsonObject,
  upstream: string,
  report: Report,
  toMapped: () => ReadonlyMap<string, string> = () => new Map(),
): void {
  if (body['thread'] !== undefined && body['thread'] !== null) {
    throw invalidRequest(
      `thread: message threads are not supported for ${upstream}; send the whole conversation.`,
      'thread',
      'thread_unsupported_request',
    )
  }
  const fields = unknownFields(body).filter(
    (field) => body[field] !== undefined && body[field] !== null,
  )
  const mapped = fields.length === 0 ? undefined : toMapped()
  for (const field of fields) {
    const answer = mapped?.get(field)
    if (answer === undefined) {
      reportUnanswered(field, upstream, report)
    } else {
      report.map(field, answer)
    }
  }
  reportInnerFields(body, report)
  reportMessageConfigs(body, report)
}

/** Reports fields of objects of which dialects translate some. */
function reportInnerFields(body: JsonObject, report: Report): void {
  for (const [field, known] of Object.entries(innerFields)) {
    for (const [key, value] of Object.entries(asObject(body[field]) ?? {})) {
      if (!known.has(key) && value !== null) {
        report.drop(`${field}.${key}`)
      }
    }
  }
}

function reportUnanswered(field: string, upstream: string, report: Report): void {
  if (refused.has(field)) {
    throw invalidAt(field, `not supported for ${upstream}.`)
  }
  if (routineFields.has(field)) {
    report.ignore(field)
  } else {
    report.drop(field)
  }
}

/**
 * Reports changes of effort in the middle of a conversation (`output_config` on a system message), of
 * which the last one counts.
 */
function reportMessageConfigs(body: JsonObject, report: Report): void {
  const configs = new Map<string, JsonObject>()
  for (const [index, message] of asArray(body['messages']).entries()) {
    const config = isObject(message) ? asObject(message['output_config']) : undefined
    if (config !== undefined) {
      configs.set(`messages.${index}.output_config`, config)
    }
  }
  const effort = asObject(body['output_config'])?.['effort']
  const last = [...configs.values()].findLast((config) => 'effort' in config)
  for (const [path, config] of configs) {
    for (const [key, value] of Object.entries(config)) {
      if (key !== 'effort') {
        report.drop(`${path}.${key}`)
      } else if (config === last && value !== effort) {
        report.map(path, 'output_config.effort')
      } else {
        // Claude Code repeats the request's effort.
        report.ignore(path)
      }
    }
  }
}

/** Fields that dialects translate. No other protocol binds reasoning to the prompt before it. */
const innerFields: Readonly<Record<string, ReadonlySet<string>>> = {
  output_config: new Set(['effort', 'format', 'task_budget']),
  thinking: new Set(['type', 'budget_tokens', 'display']),
}
