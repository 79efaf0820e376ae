/** One entry of `tool_calls` in a delta, in whichever of its shapes. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asCount, asObject, asString, isObject } from '../../../anthropic/json.ts'

export interface ToolEntry {
  /** Absent with Mistral and Gemini's compatible endpoint, at times. A text that is no number is an index too. */
  index: number | string | undefined
  /** Only the first delta of a call has them; on later ones Alibaba, Mistral and watsonx send `''`. */
  id: string | undefined
  name: string | undefined
  /** A piece of the arguments, `''` for none. */
  json: string
  /** A custom tool, whose input is free text. */
  isCustom: boolean
  /** The entry itself: it may hold state that must be sent back. */
  raw: JsonObject
}

/** The index of the call in the legacy field `function_call`, which no entry of `tool_calls` has. */
const legacyIndex = -1

/** Undefined for what says nothing: null, `{}`, and entries with blank fields only (Snowflake). */
export function readToolEntry(value: unknown): ToolEntry | undefined {
  if (!isObject(value)) {
    return undefined
  }
  const call = asObject(value['function'])
  const custom = asObject(value['custom'])
  // Workers AI puts the fields on the entry itself.
  const flat = call ?? (custom === undefined ? value : undefined)
  const name = notEmpty(flat?.['name'])
  const customName = notEmpty(custom?.['name'])
  // Snowflake sends a blank `custom` beside every function.
  const isCustom = call === undefined && custom !== undefined
  return orNothing({
    index: toIndex(value['index']),
    id: notEmpty(value['id']),
    name: name ?? customName,
    json: toArgumentText(isCustom ? custom?.['input'] : flat?.['arguments']),
    isCustom,
    raw: value,
  })
}

/** The field that `tool_calls` replaced; some servers and old models still write it. */
export function readLegacyCall(value: unknown): ToolEntry | undefined {
  const call = asObject(value)
  return (
    call &&
    orNothing({
      index: legacyIndex,
      id: undefined,
      name: notEmpty(call['name']),
      json: toArgumentText(call['arguments']),
      isCustom: false,
      raw: call,
    })
  )
}

function orNothing(entry: ToolEntry): ToolEntry | undefined {
  return entry.id === undefined && entry.name === undefined && entry.json === '' ? undefined : entry
}

/** The object itself is what Workers AI and others give; null and other values are none. */
function toArgumentText(value: unknown): string {
  return asString(value) ?? (isObject(value) ? JSON.stringify(value) : '')
}

function toIndex(value: unknown): number | string | undefined {
  const text = notEmpty(value)?.trim()
  return text === undefined ? asCount(value) : /^\d+$/.test(text) ? Number(text) : text
}

function notEmpty(value: unknown): string | undefined {
  return asString(value) || undefined
}
