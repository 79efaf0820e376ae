/** The offered tools as functions. */
import type { Report } from '../../../anthropic/report.ts'
import { toMfjsSchema } from '../../shared/schema/mfjs-schema.ts'
import { dropKeywords, simplifySchema } from '../../shared/schema/simple-schema.ts'
import { isStrictSchema } from '../../shared/schema/strict-schema.ts'
import type { OfferedTool } from '../../shared/tools/offered-tools.ts'
import type { ChatQuirks } from '../quirks.ts'
import type { ChatTool } from '../wire.ts'

const openaiNames = { maxLength: 64, illegal: /[^a-zA-Z0-9_-]/g }

/**
 * The rules for tool names: OpenAI's, which most compatible servers have too, and a stricter one.
 */
export const toolNameRules = {
  any_first: openaiNames,
  letter_first: { ...openaiNames, first: /[a-zA-Z]/ },
}

/** Translates an offered tool to a function. */
export function toTool(tool: OfferedTool, quirks: ChatQuirks, report: Report): ChatTool {
  const { name, description, schema, path } = tool
  const at = `${path}.input_schema`
  const simple = quirks.simplify_schemas ? simplifySchema(schema, at, report) : schema
  const kept = dropKeywords(simple, quirks.drop_schema_keywords, at, report)
  const parameters = quirks.schema_form === 'mfjs' ? toMfjsSchema(kept, at, report) : kept
  const isStrict = tool.isStrict && quirks.strict_tools && isStrictSchema(parameters)
  if (tool.isStrict && !isStrict) {
    report.drop(`${path}.strict`)
  }
  return {
    type: 'function',
    function: {
      name,
      ...(description === '' ? {} : { description }),
      parameters,
      ...(isStrict ? { strict: true } : {}),
    },
  }
}
