/** Tools, and which of them the model must call. */
import type { Report } from '../../../anthropic/report.ts'
import type { Turn } from '../../shared/conversation/turns.ts'
import type { OfferedTool } from '../../shared/tools/offered-tools.ts'
import { isStrictSchema } from '../../shared/tools/strict-schema.ts'
import type { ToolPlan } from '../../shared/tools/tool-choice.ts'
import type { BedrockQuirks } from '../quirks.ts'
import type { ToolConfig, ToolSpec } from '../wire.ts'
import { toCachePoint } from './content-blocks.ts'

/** `[a-zA-Z0-9_-]+`, at most 64 of them. */
export const toolNameRule = { maxLength: 64, illegal: /[^a-zA-Z0-9_-]/g }

/** For the system text, where tools are declared though none is to be called. */
export const noToolsHint = 'Tools cannot be called in this turn. Answer in words.'

/** The tools that earlier turns speak of: without them the request is refused. */
export function toolsOfHistory(turns: readonly Turn[]): string[] {
  const names = turns.flatMap((turn) =>
    turn.role === 'assistant'
      ? turn.content.flatMap((item) => (item.type === 'call' ? [item.name] : []))
      : [],
  )
  return [...new Set(names)]
}

/**
 * `history` are the names that earlier turns speak of. Where no tool is offered they are declared all
 * the same: `The toolConfig field must be defined when using toolUse and toolResult content blocks.`
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
        // May be absent, may not be empty.
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

/** There is no word for "none". */
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
