/** `toolConfig`: the tools, and which of them the model must call. */
import type { Report } from '../../../anthropic/report.ts'
import type { Turn } from '../../shared/conversation/turns.ts'
import { isStrictSchema } from '../../shared/schema/strict-schema.ts'
import type { OfferedTool } from '../../shared/tools/offered-tools.ts'
import type { ToolPlan } from '../../shared/tools/tool-choice.ts'
import type { BedrockQuirks } from '../quirks.ts'
import type { ToolConfig, ToolSpec } from '../wire.ts'
import { toCachePoint } from './content-blocks.ts'

/** Converse's rule for tool names: `[a-zA-Z0-9_-]{1,64}`. */
export const toolNameRule = { maxLength: 64, illegal: /[^a-zA-Z0-9_-]/g }

/** The system text for tools that are declared though none may be called. */
export const noToolsHint = 'Tools cannot be called in this turn. Answer in words.'

/** The names of tools in earlier turns: Converse rejects a request that does not declare them. */
export function toolsOfHistory(turns: readonly Turn[]): string[] {
  const names = turns.flatMap((turn) =>
    turn.role === 'assistant'
      ? turn.content.flatMap((item) => (item.type === 'call' ? [item.name] : []))
      : [],
  )
  return [...new Set(names)]
}

/**
 * The tool configuration. `history` has the names of tools in earlier turns, which are declared
 * even if no tool is offered: `The toolConfig field must be defined when using toolUse and
 * toolResult content blocks.`
 */
export function toToolConfig(
  { tools, choice }: ToolPlan,
  history: readonly string[],
  quirks: BedrockQuirks,
  report: Report,
): ToolConfig | undefined {
  const specs = tools.flatMap((tool) => toSpecs(tool, quirks, report))
  if (specs.length === 0) {
    return history.length === 0 ? undefined : { tools: history.map(toStub) }
  }
  const toolChoice = toToolChoice(choice)
  return { tools: specs, ...(toolChoice === undefined ? {} : { toolChoice }) }
}

function toSpecs(
  { name, description, schema, path, isStrict, cacheControl }: OfferedTool,
  quirks: BedrockQuirks,
  report: Report,
): ToolConfig['tools'] {
  const strict = isStrict && quirks.strict_tools && isStrictSchema(schema)
  if (isStrict && !strict) {
    report.drop(`${path}.strict`)
  }
  return [
    {
      toolSpec: {
        name,
        // The description may be absent, but not empty.
        ...(description.trim() === '' ? {} : { description }),
        inputSchema: { json: schema },
        ...(strict ? { strict } : {}),
      },
    },
    ...(cacheControl !== undefined && quirks.cache_points.includes('tools')
      ? [toCachePoint(cacheControl)]
      : []),
  ]
}

function toStub(name: string): ToolSpec {
  return { toolSpec: { name, inputSchema: { json: { type: 'object', properties: {} } } } }
}

/** The tool choice for Converse, which has no counterpart of `none`. */
function toToolChoice(choice: ToolPlan['choice']): ToolConfig['toolChoice'] {
  switch (choice) {
    case undefined:
    case 'none':
      return undefined
    case 'auto':
      return { auto: {} }
    case 'any':
      return { any: {} }
    default:
      return { tool: { name: choice.name } }
  }
}
