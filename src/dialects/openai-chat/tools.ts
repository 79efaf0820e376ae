/** The tools on offer. */
import { GatewayError } from '../../anthropic/error.ts'
import type { Report } from '../../anthropic/report.ts'
import type { AnthropicTool, CustomTool, MessagesRequest } from '../../anthropic/request.ts'
import { toClientTool, toolRunner } from '../client-tools.ts'
import type { PlainTool } from '../client-tools.ts'
import { dropKeywords, simplifySchema } from '../simple-schema.ts'
import { isStrictSchema } from '../strict-schema.ts'
import type { ToolNames } from '../tool-names.ts'
import { repairSchema } from '../tool-schema.ts'
import type { ChatQuirks } from './quirks.ts'
import type { ChatTool } from './wire.ts'

/** OpenAI's and Azure's rule, and what compatible servers took over. */
export const toolNameRule = { maxLength: 64, illegal: /[^a-zA-Z0-9_-]/g }

export interface ToolsContext {
  quirks: ChatQuirks
  names: ToolNames
  report: Report
  /** `provider/model`, for error messages. */
  upstream: string
}

/** The names under which the client offers its tools. */
export function toolNames({ tools }: MessagesRequest): string[] {
  return (tools ?? []).flatMap((tool) => {
    const name = 'custom' in tool ? tool.custom.name : tool.anthropic.name
    return name === undefined ? [] : [name]
  })
}

/**
 * Throws a {@link GatewayError} where a tool that Anthropic's servers run is all there is, or is
 * forced: the client would wait for results that nobody makes.
 */
export function toTools(request: MessagesRequest, context: ToolsContext): ChatTool[] {
  const tools = new Map<string, ChatTool>()
  const server: { path: string; tool: AnthropicTool }[] = []
  for (const [index, tool] of (request.tools ?? []).entries()) {
    const path = `tools.${index}`
    const plain =
      'custom' in tool
        ? fromCustom(tool.custom, path, context)
        : fromAnthropic(tool.anthropic, path, context)
    if (plain === 'server' && 'anthropic' in tool) {
      server.push({ path, tool: tool.anthropic })
    } else if (typeof plain === 'object' && tools.has(plain.function.name)) {
      context.report.ignore(path)
    } else if (typeof plain === 'object') {
      tools.set(plain.function.name, plain)
    }
  }
  refuseServerTools(request, server, tools.size, context)
  return [...tools.values()]
}

function refuseServerTools(
  { tool_choice: choice }: MessagesRequest,
  server: readonly { path: string; tool: AnthropicTool }[],
  others: number,
  { report, upstream }: ToolsContext,
): void {
  const isForced = server.some(({ tool }) => choice?.type === 'tool' && choice.name === tool.name)
  const [first] = server
  if (first !== undefined && (isForced || (others === 0 && choice?.type !== 'none'))) {
    const types = server.map(({ tool }) => tool.type).join(', ')
    throw new GatewayError({
      kind: 'invalid_request',
      message: `${first.path}: tools that run on Anthropic's servers are not supported for ${upstream}: ${types}.`,
      path: first.path,
    })
  }
  for (const { path } of server) {
    report.drop(path)
  }
}

function fromAnthropic(
  tool: AnthropicTool,
  path: string,
  context: ToolsContext,
): ChatTool | 'server' | undefined {
  switch (toolRunner(tool)) {
    case 'client': {
      const plain = toClientTool(tool)
      return plain === undefined ? 'server' : toFunction(plain, path, context)
    }
    case 'search':
      // All tools are loaded, so there is nothing to search for.
      context.report.map(path, 'all tools')
      return undefined
    case 'server':
      return 'server'
  }
}

function fromCustom(tool: CustomTool, path: string, context: ToolsContext): ChatTool {
  const { report, quirks } = context
  if (tool.defer_loading === true) {
    report.ignore('tools.defer_loading')
  }
  if (tool.eager_input_streaming === true) {
    report.ignore('tools.eager_input_streaming')
  }
  if ((tool.input_examples ?? []).length > 0) {
    report.drop(`${path}.input_examples`)
  }
  const { name, description, input_schema: schema } = tool
  const plain = toFunction({ name, description: description ?? '', schema }, path, context)
  if (tool.strict !== true) {
    return plain
  }
  if (quirks.strict_tools && isStrictSchema(plain.function.parameters)) {
    return { ...plain, function: { ...plain.function, strict: true } }
  }
  report.drop(`${path}.strict`)
  return plain
}

function toFunction(
  { name, description, schema }: PlainTool,
  path: string,
  { names, quirks, report }: ToolsContext,
): ChatTool {
  const upstreamName = names.toUpstream(name)
  if (upstreamName !== name) {
    report.map(`${path}.name`, upstreamName)
  }
  const at = `${path}.input_schema`
  const repaired = repairSchema(schema, at, report)
  const simple = quirks.simplify_schemas ? simplifySchema(repaired, at, report) : repaired
  return {
    type: 'function',
    function: {
      name: upstreamName,
      ...(description === '' ? {} : { description }),
      parameters: dropKeywords(simple, quirks.drop_schema_keywords, at, report),
    },
  }
}
