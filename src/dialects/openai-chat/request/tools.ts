/** The tools on offer, as functions. */
import type { Report } from '../../../anthropic/report.ts'
import type { OfferedTool } from '../../shared/tools/offered-tools.ts'
import { dropKeywords, simplifySchema } from '../../shared/tools/simple-schema.ts'
import { isStrictSchema } from '../../shared/tools/strict-schema.ts'
import type { ChatQuirks } from '../quirks.ts'
import type { ChatTool } from '../wire.ts'

/** OpenAI's and Azure's rule, and what compatible servers took over. */
export const toolNameRule = { maxLength: 64, illegal: /[^a-zA-Z0-9_-]/g }

export function toTool(tool: OfferedTool, quirks: ChatQuirks, report: Report): ChatTool {
  const { name, description, schema, path } = tool
  const at = `${path}.input_schema`
  const simple = quirks.simplify_schemas ? simplifySchema(schema, at, report) : schema
  const parameters = dropKeywords(simple, quirks.drop_schema_keywords, at, report)
  const canBeStrict = quirks.strict_tools && isStrictSchema(parameters)
  if (tool.isStrict && !canBeStrict) {
    report.drop(`${path}.strict`)
  }
  return {
    type: 'function',
    function: {
      name,
      ...(description === '' ? {} : { description }),
      parameters,
      ...(tool.isStrict && canBeStrict ? { strict: true } : {}),
    },
  }
}
