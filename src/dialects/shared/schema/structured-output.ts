/** Structured output: `output_config.format`, or `output_format` as older clients send it. */
import type { JsonObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { DialectTarget } from '../../dialect.ts'
import { toStrictSchema } from './strict-schema.ts'

/** The quirks for structured output. */
interface OutputQuirks {
  structured_output: 'json_schema' | 'json_object' | 'none'
  /** Whether `strict: true` is sent with schemas that allow it. */
  strict_output: boolean
}

/** The output format to send, or a sentence for the system prompt in place of it. */
export interface OutputPlan {
  /** The output format; absent if none is sent. Its name is required, and has no effect. */
  format?:
    | { type: 'json_object' }
    | { type: 'json_schema'; name: string; schema: JsonObject; strict?: boolean }
  /** An instruction for the system text, if the upstream does not support the schema. */
  hint?: string
}

/** Plans the output format of a request for one target. */
export function planOutput(
  request: MessagesRequest,
  { quirks, takes }: DialectTarget<OutputQuirks>,
  report: Report,
): OutputPlan {
  const format = request.output_config?.format ?? request.output_format
  if (format === null || format === undefined) {
    return {}
  }
  const { schema } = format
  const known = quirks.structured_output
  if (known === 'json_schema' && takes.structuredOutputs !== false) {
    return { format: toJsonSchema(schema, quirks) }
  }
  const path = request.output_config?.format ? 'output_config.format' : 'output_format'
  report.map(path, known === 'none' ? 'system text' : 'json_object')
  return {
    ...(known === 'none' ? {} : { format: { type: 'json_object' } }),
    hint: toSchemaHint(schema),
  }
}

/** The system text that asks for JSON in a schema. */
export function toSchemaHint(schema: JsonObject): string {
  return `Answer with one JSON object and nothing else. It must match this JSON Schema:\n${JSON.stringify(schema)}`
}

function toJsonSchema(schema: JsonObject, quirks: OutputQuirks): NonNullable<OutputPlan['format']> {
  const strict = quirks.strict_output ? toStrictSchema(schema) : undefined
  return {
    type: 'json_schema',
    name: 'output',
    schema: strict ?? schema,
    ...(strict === undefined ? {} : { strict: true }),
  }
}
