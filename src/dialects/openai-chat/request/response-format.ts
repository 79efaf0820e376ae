/** What is planned for structured output, in the words of chat completions. */
import type { OutputPlan } from '../../shared/conversation/structured-output.ts'
import type { VendorRequest } from '../wire.ts'

export function toResponseFormat({ format }: OutputPlan): Pick<VendorRequest, 'response_format'> {
  if (format === undefined) {
    return {}
  }
  if (format.type === 'json_object') {
    return { response_format: format }
  }
  const { type, ...schema } = format
  return { response_format: { type, json_schema: schema } }
}
