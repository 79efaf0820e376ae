/** Structured output: `output_config.format`, or `output_format` as older clients send it. */
import type { JsonObject } from '../../anthropic/json.ts'
import type { Report } from '../../anthropic/report.ts'
import type { MessagesRequest } from '../../anthropic/request.ts'
import type { Target } from '../dialect.ts'
import { toStrictSchema } from '../strict-schema.ts'
import type { ChatQuirks } from './quirks.ts'
import type { ResponseFormat } from './wire.ts'

export interface OutputPlan {
  fields: { response_format?: ResponseFormat }
  /** For the system text, where the upstream cannot be given the schema. */
  hint?: string
}

export function planOutput(
  request: MessagesRequest,
  { quirks, takes }: Target<ChatQuirks>,
  report: Report,
): OutputPlan {
  const format = request.output_config?.format ?? request.output_format
  if (format === null || format === undefined) {
    return { fields: {} }
  }
  const { schema } = format
  const isCapable = takes.structuredOutputs !== false
  if (quirks.structured_output === 'json_schema' && isCapable) {
    return { fields: { response_format: toJsonSchema(schema, quirks) } }
  }
  const path = request.output_config?.format ? 'output_config.format' : 'output_format'
  report.map(path, quirks.structured_output === 'none' ? 'system text' : 'json_object')
  return {
    fields: quirks.structured_output === 'none' ? {} : { response_format: { type: 'json_object' } },
    hint: `Answer with one JSON object and nothing else. It must match this JSON Schema:\n${JSON.stringify(schema)}`,
  }
}

function toJsonSchema(schema: JsonObject, quirks: ChatQuirks): ResponseFormat {
  const strict = quirks.strict_output ? toStrictSchema(schema) : undefined
  return {
    type: 'json_schema',
    json_schema: {
      name: 'output',
      schema: strict ?? schema,
      ...(strict === undefined ? {} : { strict: true }),
    },
  }
}
