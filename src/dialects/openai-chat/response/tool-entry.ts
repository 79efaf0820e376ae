/** Reads one entry of `tool_calls` in a delta, in any of its formats. */
import { toExactText } from '../../../anthropic/exact-json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import { asCount, asObject, asString, isObject } from '../../../anthropic/json.ts'

/** One entry of `tool_calls`, whatever its format. `raw` is the entry as received. */
export interface ToolEntry {
  /**
   * The entry's index; sometimes absent with Mistral and Gemini's compatible endpoint. It may be
   * any string.
   */
  index: number | string | undefined
  /**
   * The call's id, and its name below: only on the first delta; later ones of Alibaba, Mistral and
   * watsonx have `''`.
   */
  id: string | undefined
  name: string | undefined
  /** A delta of the arguments, `''` if there is none. */
  json: string
  /** Whether the call is of a custom tool, whose input is text. */
  isCustom: boolean
  /** The entry itself, which may have state that must be returned. */
  raw: JsonObject
}

/** The index of the call in the legacy field `function_call`, which no entry of `tool_calls` has. */
const legacyIndex = -1

/** Reads an entry; undefined for null, `{}` and entries with only empty fields (Snowflake). */
export function readToolEntry(value: unknown): ToolEntry | undefined {
  if (!isObject(value)) {
    return undefined
  }
  const call = asObject(value['function'])
  const custom = asObject(value['custom'])
  // Workers AI has the fields on the entry itself.
  const flat = call ?? (custom === undefined ? value : undefined)
  const name = notEmpty(flat?.['name'])
  const customName = notEmpty(custom?.['name'])
  // Snowflake sends an empty `custom` with every function.
  const isCustom = call === undefined && custom !== undefined
  return unlessEmpty({
    index: toIndex(value['index']),
    id: notEmpty(value['id']),
    name: name ?? customName,
    json: toArgumentText(isCustom ? custom?.['input'] : flat?.['arguments']),
    isCustom,
    raw: value,
  })
}

/**
 * Reads `function_call`, which `tool_calls` replaced; some servers and old models still send it.
 */
export function readLegacyCall(value: unknown): ToolEntry | undefined {
  const call = asObject(value)
  return (
    call &&
    unlessEmpty({
      index: legacyIndex,
      id: undefined,
      name: notEmpty(call['name']),
      json: toArgumentText(call['arguments']),
      isCustom: false,
      raw: call,
    })
  )
}

function unlessEmpty(entry: ToolEntry): ToolEntry | undefined {
  return entry.id === undefined && entry.name === undefined && entry.json === '' ? undefined : entry
}

/**
 * The arguments as text. Workers AI and others send the object itself; null and other values are no
 * arguments.
 */
function toArgumentText(value: unknown): string {
  return asString(value) ?? (isObject(value) ? toExactText(value) : '')
}

function toIndex(value: unknown): number | string | undefined {
  const text = notEmpty(value)?.trim()
  return text === undefined ? asCount(value) : /^\d+$/.test(text) ? Number(text) : text
}

function notEmpty(value: unknown): string | undefined {
  return asString(value) || undefined
}
