/**
 * Adds attributes to the resources of a request of OTLP, so that telemetry of a client names its owner. In
 * protobuf that takes no schema: a message that occurs twice in a field is merged, so that a second `resource` with
 * the attributes is appended to each entry
 * (https://protobuf.dev/programming-guides/encoding/#last-one-wins). Pure.
 */
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, asObject, isObject } from '../anthropic/json.ts'
import { concatenate } from '../platform/bytes.ts'
import { toKeyValues } from './otlp-json.ts'

type StampAttributes = Readonly<Record<string, string>>

/** The members that list resources: of traces, metrics and logs. */
const lists = ['resourceSpans', 'resourceMetrics', 'resourceLogs'] as const

/** Adds the attributes to a request in JSON. */
export function stampJson(request: JsonObject, attributes: StampAttributes): JsonObject {
  const stamped = lists
    .filter((list) => Array.isArray(request[list]))
    .map((list) => [list, asArray(request[list]).map((entry) => stampEntry(entry, attributes))])
  return { ...request, ...Object.fromEntries(stamped) }
}

function stampEntry(entry: unknown, attributes: StampAttributes): unknown {
  if (!isObject(entry)) {
    return entry
  }
  const resource = asObject(entry['resource'])
  const known = asArray(resource?.['attributes']).filter(
    (attribute) => !Object.hasOwn(attributes, String(asObject(attribute)?.['key'])),
  )
  return { ...entry, resource: { ...resource, attributes: [...known, ...toKeyValues(attributes)] } }
}

/** Wire types of protobuf. */
const lengthDelimited = 2

/** The tag of field 1 with a length: an entry of a request, its resource, and that one's attribute. */
const firstField = (1 << 3) | lengthDelimited

/** Adds the attributes to a request in protobuf; undefined for bytes that are not one. */
export function stampProtobuf(
  bytes: Uint8Array,
  attributes: StampAttributes,
): Uint8Array<ArrayBuffer> | undefined {
  const resource = toField(firstField, toResource(attributes))
  const parts: Uint8Array[] = []
  let at = 0
  while (at < bytes.length) {
    const length = readVarint(bytes, at + 1)
    // Requests have no other fields.
    if (
      bytes[at] !== firstField ||
      length === undefined ||
      length.end + length.value > bytes.length
    ) {
      return undefined
    }
    const end = length.end + length.value
    parts.push(toField(firstField, concatenate([bytes.subarray(length.end, end), resource])))
    at = end
  }
  return concatenate(parts)
}

/** A `Resource` with string attributes: `KeyValue { key = 1, value = 2 { string_value = 1 } }`. */
function toResource(attributes: StampAttributes): Uint8Array {
  const encoder = new TextEncoder()
  const fields = Object.entries(attributes).map(([key, value]) => {
    const text = toField(firstField, encoder.encode(value))
    const secondField = (2 << 3) | lengthDelimited
    return toField(
      firstField,
      concatenate([toField(firstField, encoder.encode(key)), toField(secondField, text)]),
    )
  })
  return concatenate(fields)
}

function toField(tag: number, content: Uint8Array): Uint8Array {
  return concatenate([new Uint8Array([tag, ...toVarint(content.length)]), content])
}

function toVarint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  return [...bytes, rest]
}

/** Reads a length of at most 28 bits. */
function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } | undefined {
  let value = 0
  for (let count = 0; count < 4; count += 1) {
    const byte = bytes[start + count]
    if (byte === undefined) {
      return undefined
    }
    value |= (byte & 0x7f) << (7 * count)
    if (byte < 0x80) {
      return { value, end: start + count + 1 }
    }
  }
  return undefined
}
