/** Tools as function declarations, and which of them the model must call. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { isObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import { inlineReferences } from '../../shared/schema/inline-references.ts'
import type { SearchPlan } from '../../shared/tools/native-search.ts'
import type { OfferedTool } from '../../shared/tools/offered-tools.ts'
import type { ToolPlan } from '../../shared/tools/tool-choice.ts'
import type { GeminiQuirks } from '../quirks.ts'
import type { FunctionDeclaration, GenerateRequest, ToolConfig } from '../wire.ts'
import { toGeminiSchema } from './schema.ts'

/** Google's rule for tool names, without the dots and colons that only newer models accept. */
export const toolNameRule = { maxLength: 64, illegal: /[^a-zA-Z0-9_-]/g, first: /[a-zA-Z_]/ }

/** How Gemini expresses tool choices; it has no counterpart of `disable_parallel_tool_use`. */
export const toolChoiceQuirks = {
  tool_choice_any: 'any',
  tool_choice_named: 'function',
  tool_choice_none: 'none',
  parallel_tool_calls: 'never',
} as const

/** Translates tools and the choice among them. */
export function toTools(
  { tools: { tools, choice }, search }: { tools: ToolPlan; search: SearchPlan },
  quirks: GeminiQuirks,
  report: Report,
): Pick<GenerateRequest, 'tools' | 'toolConfig'> {
  if (tools.length === 0) {
    return search.tools.length === 0 ? {} : { tools: [...search.tools] }
  }
  const declarations = tools.map((tool) => toDeclaration(tool, quirks, report))
  return {
    tools: [{ functionDeclarations: declarations }, ...search.tools],
    ...(choice === undefined ? {} : { toolConfig: toToolConfig(choice) }),
  }
}

const modes = { auto: 'AUTO', none: 'NONE', any: 'ANY' } as const

function toToolConfig(choice: NonNullable<ToolPlan['choice']>): ToolConfig {
  return typeof choice === 'string'
    ? { functionCallingConfig: { mode: modes[choice] } }
    : { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: [choice.name] } }
}

function toDeclaration(
  { name, description, schema, path, isStrict }: OfferedTool,
  quirks: GeminiQuirks,
  report: Report,
): FunctionDeclaration {
  if (isStrict) {
    report.drop(`${path}.strict`)
  }
  return {
    name,
    ...(description === '' ? {} : { description }),
    ...toParameters(schema, `${path}.input_schema`, quirks, report),
  }
}

/** The parameters of a tool; none if it has no properties, since Gemini rejects an empty object. */
function toParameters(
  schema: JsonObject,
  path: string,
  quirks: GeminiQuirks,
  report: Report,
): Pick<FunctionDeclaration, 'parameters' | 'parametersJsonSchema'> {
  if (quirks.json_schemas) {
    return { parametersJsonSchema: inlineReferences(schema, path, report) }
  }
  const { properties } = schema
  const isEmpty = isObject(properties) && Object.keys(properties).length === 0
  return isEmpty ? {} : { parameters: toGeminiSchema(schema, path, report) }
}
