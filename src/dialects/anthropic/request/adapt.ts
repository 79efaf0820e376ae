/**
 * Removes from a request what an Anthropic-compatible host does not support. A body from which
 * nothing is removed keeps the bytes that the client sent.
 */
import type { JsonObject } from '../../../anthropic/json.ts'
import { isObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import { routineFields } from '../../../anthropic/request/extra-fields.ts'
import type { ClientBody } from '../../pass-through.ts'
import { toClientBody } from '../../pass-through.ts'
import { omitKeys } from '../../shared/schema/schema-walk.ts'
import type { AnthropicQuirks } from '../quirks.ts'
import { defaultAnthropicQuirks } from '../quirks.ts'
import { withoutForeignThinking } from './foreign-thinking.ts'
import { withoutLateThinking } from './late-thinking.ts'

/**
 * Adapts a body to the host's quirks, given as `layers`, weakest first. The result also has the
 * betas that the host supports, and whether a field that the host rejects by name may be omitted.
 */
export function adaptToHost(
  body: ClientBody,
  header: string | null,
  layers: readonly object[],
  report: Report,
): ClientBody & { betas: readonly string[]; omitsRefused: boolean } {
  const quirks = toHostQuirks(layers)
  return {
    ...adaptBody(body, quirks, report),
    betas: adaptBetas(header, quirks, report),
    omitsRefused: quirks.omit_refused,
  }
}

/** The quirks of a host; `layers` the weakest first. */
export function toHostQuirks(layers: readonly object[]): AnthropicQuirks {
  return Object.assign({}, defaultAnthropicQuirks, ...layers)
}

/**
 * The body without fields that the host does not support; the same object if nothing is removed.
 */
function adaptBody(body: ClientBody, quirks: AnthropicQuirks, report: Report): ClientBody {
  const known = keepKnown(body.json, quirks, report)
  const marked =
    quirks.cache_control === 'as_is' ? known : remarkFields(known, '', quirks.cache_control, report)
  const own = withoutForeignThinking(marked, quirks.unsigned_thinking, report)
  const json = withoutLateThinking(own, quirks.call_thinking, report)
  return json === body.json ? body : toClientBody(json)
}

/** The values of `anthropic-beta` that the host supports. */
function adaptBetas(
  header: string | null,
  { betas, omit_betas: omitted }: AnthropicQuirks,
  report: Report,
): string[] {
  const requestedBetas = (header ?? '').split(',').map((beta) => beta.trim())
  return requestedBetas.filter((beta) => {
    const isKnown = !omitted.includes(beta) && (betas === null || betas.includes(beta))
    if (!isKnown && beta !== '') {
      report.ignore(`betas.${beta}`)
    }
    return isKnown && beta !== ''
  })
}

function keepKnown(
  json: JsonObject,
  { fields, omit_fields: omitted }: AnthropicQuirks,
  report: Report,
): JsonObject {
  const unknown = Object.keys(json).filter(
    (field) => omitted.includes(field) || (fields !== null && !fields.includes(field)),
  )
  for (const field of unknown) {
    if (routineFields.has(field) || json[field] === null) {
      report.ignore(field)
    } else {
      report.drop(field)
    }
  }
  return unknown.length === 0 ? json : omitKeys(json, new Set(unknown))
}

/** The fields under which `cache_control` can occur, at every level of the body. */
const holders = ['system', 'tools', 'messages', 'content', 'source'] as const

function remark(value: unknown, path: string, form: 'plain' | 'none', report: Report): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item, index) => remark(item, `${path}.${index}`, form, report))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  return isObject(value) ? remarkFields(value, path, form, report) : value
}

function remarkFields(
  holder: JsonObject,
  path: string,
  form: 'plain' | 'none',
  report: Report,
): JsonObject {
  let remarked = holder
  for (const key of holders) {
    const before = holder[key]
    const after = remark(before, join(path, key), form, report)
    remarked = after === before ? remarked : { ...remarked, [key]: after }
  }
  return withMark(remarked, join(path, 'cache_control'), form, report)
}

function withMark(
  block: JsonObject,
  path: string,
  form: 'plain' | 'none',
  report: Report,
): JsonObject {
  const { cache_control: mark, type } = block
  if (!isObject(mark)) {
    return block
  }
  // `thinking.cache_control: Extra inputs are not permitted`
  if (form === 'none' || type === 'thinking' || type === 'redacted_thinking') {
    report.ignore(path)
    return omitKeys(block, new Set(['cache_control']))
  }
  if (Object.keys(mark).every((key) => key === 'type')) {
    return block
  }
  report.map(path, 'ephemeral')
  return { ...block, cache_control: { type: 'ephemeral' } }
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}
