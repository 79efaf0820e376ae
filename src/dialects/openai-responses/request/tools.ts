/** Tools and the choice among them. */
import type { Report } from '../../../anthropic/report.ts'
import { dropKeywords, simplifySchema } from '../../shared/schema/simple-schema.ts'
import { isStrictSchema } from '../../shared/schema/strict-schema.ts'
import type { SearchPlan } from '../../shared/tools/native-search.ts'
import type { OfferedTool } from '../../shared/tools/offered-tools.ts'
import type { ToolPlan } from '../../shared/tools/tool-choice.ts'
import type { ResponsesQuirks } from '../quirks.ts'
import type { FunctionTool, FunctionToolChoice, VendorRequest } from '../wire.ts'

/** OpenAI's rule for tool names, which compatible servers have too. */
export const toolNameRule = { maxLength: 64, illegal: /[^a-zA-Z0-9_-]/g }

type ToolFields = Pick<VendorRequest, 'tools' | 'tool_choice' | 'parallel_tool_calls'>

/** The request fields for tools and the choice among them. */
export function toToolFields(
  { tools: { tools, choice, isParallel }, search }: { tools: ToolPlan; search: SearchPlan },
  quirks: ResponsesQuirks,
  report: Report,
): ToolFields {
  if (tools.length + search.tools.length === 0) {
    return {}
  }
  return {
    tools: [...tools.map((tool) => toFunctionTool(tool, quirks, report)), ...search.tools],
    ...(choice === undefined ? {} : { tool_choice: toChoice(choice) }),
    ...(isParallel === undefined ? {} : { parallel_tool_calls: isParallel }),
  }
}

function toFunctionTool(
  { name, description, schema, path, isStrict }: OfferedTool,
  quirks: ResponsesQuirks,
  report: Report,
): FunctionTool {
  const at = `${path}.input_schema`
  const simple = quirks.simplify_schemas ? simplifySchema(schema, at, report) : schema
  const parameters = dropKeywords(simple, quirks.drop_schema_keywords, at, report)
  const strict = isStrict && quirks.strict_tools && isStrictSchema(parameters)
  if (isStrict && !strict) {
    report.drop(`${path}.strict`)
  }
  return {
    type: 'function',
    name,
    ...(description === '' ? {} : { description }),
    parameters,
    strict,
  }
}

function toChoice(choice: NonNullable<ToolPlan['choice']>): FunctionToolChoice {
  if (typeof choice === 'string') {
    return choice === 'any' ? 'required' : choice
  }
  return { type: 'function', name: choice.name }
}
