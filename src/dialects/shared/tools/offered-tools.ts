/**
 * The offered tools as functions, for any dialect: Anthropic-defined tools get a schema or are
 * rejected, schemas are repaired, names are valid, duplicates are removed.
 */
import { invalidAt } from '../../../anthropic/error.ts'
import type { Report } from '../../../anthropic/report.ts'
import type {
  AnthropicTool,
  CustomTool,
  MessagesRequest,
  ToolParam,
} from '../../../anthropic/request/request.ts'
import { listToolChanges } from '../../../anthropic/request/tool-changes.ts'
import type { CacheControl } from '../conversation/cache-control.ts'
import { repairSchema } from '../schema/tool-schema.ts'
import type { PlainTool } from './client-tools.ts'
import { toClientTool, toolRunner } from './client-tools.ts'
import type { ToolNames } from './tool-names.ts'

/** A tool as it is offered to an upstream. `path` is its place in the client's body. */
export interface OfferedTool extends PlainTool {
  /** Path of the tool in the client's body, such as `tools.3`. */
  path: string
  /** Whether the client wants the schema to be enforced. */
  isStrict: boolean
  cacheControl?: CacheControl
}

/** What the conversion of tools needs: valid names, the report, and the upstream's name for errors. */
export interface OfferedToolsContext {
  names: ToolNames
  report: Report
  /** `provider/model`, for error messages. */
  upstream: string
}

/** The fields of a request that concern tools, which token count requests have too. */
type ToolRequest = Pick<MessagesRequest, 'tools' | 'tool_choice' | 'messages'>

/** The client's names of its tools. */
export function toolNames({ tools }: Pick<ToolRequest, 'tools'>): string[] {
  return (tools ?? []).flatMap((tool) => {
    const name = 'custom' in tool ? tool.custom.name : tool.anthropic.name
    return name === undefined ? [] : [name]
  })
}

/**
 * Converts the tools, with the upstream's names. Throws a {@link GatewayError} if a tool that
 * Anthropic's servers run is forced or the only one, since no one would run it.
 */
export function toOfferedTools(request: ToolRequest, context: OfferedToolsContext): OfferedTool[] {
  const tools = new Map<string, OfferedTool>()
  const server: { path: string; tool: AnthropicTool }[] = []
  const removed = removedTools(request)
  for (const [index, tool] of (request.tools ?? []).entries()) {
    const path = `tools.${index}`
    if (isWithheld(tool, removed, path, context.report)) {
      continue
    }
    const plain =
      'custom' in tool
        ? fromCustom(tool.custom, path, context)
        : fromAnthropic(tool.anthropic, path, context)
    if (plain === 'server' && 'anthropic' in tool) {
      server.push({ path, tool: tool.anthropic })
    } else if (typeof plain === 'object' && tools.has(plain.name)) {
      context.report.ignore(path)
    } else if (typeof plain === 'object') {
      tools.set(plain.name, plain)
    }
  }
  refuseServerTools(request, server, tools.size, context)
  return [...tools.values()]
}

/** Whether a tool is not offered in this turn, which is reported. */
function isWithheld(
  tool: ToolParam,
  removed: ReadonlySet<string>,
  path: string,
  report: Report,
): boolean {
  const name = 'custom' in tool ? tool.custom.name : tool.anthropic.name
  if (name !== undefined && removed.has(name)) {
    report.map(path, 'tool_removal')
    return true
  }
  if ('custom' in tool && tool.custom.allowed_callers?.includes('direct') === false) {
    // Only code that runs at Anthropic may call it.
    report.drop(path)
    return true
  }
  // Claude Code's placeholder for deferred tools, sent even if nothing can load them.
  if (
    'custom' in tool &&
    name === 'DeferredToolPlaceholder' &&
    tool.custom.defer_loading === true
  ) {
    report.ignore(path)
    return true
  }
  return false
}

/** The names of tools that a `tool_removal` removed and no later `tool_addition` restored. */
function removedTools({ messages, tool_choice: choice }: ToolRequest): ReadonlySet<string> {
  const removed = new Set<string>()
  for (const { name, isRemoval } of listToolChanges(messages)) {
    if (isRemoval) {
      removed.add(name)
    } else {
      removed.delete(name)
    }
  }
  if (choice?.type === 'tool') {
    removed.delete(choice.name ?? '')
  }
  return removed
}

function refuseServerTools(
  { tool_choice: choice }: ToolRequest,
  server: readonly { path: string; tool: AnthropicTool }[],
  others: number,
  { report, upstream }: OfferedToolsContext,
): void {
  const isForced = server.some(({ tool }) => choice?.type === 'tool' && choice.name === tool.name)
  const [first] = server
  if (first !== undefined && (isForced || (others === 0 && choice?.type !== 'none'))) {
    const types = server.map(({ tool }) => tool.type).join(', ')
    const message = `tools that run on Anthropic's servers are not supported for ${upstream}: ${types}.${toAdvice(server)}`
    throw invalidAt(first.path, message)
  }
  for (const { path } of server) {
    report.drop(path)
  }
}

/**
 * The advice in the error: the gateway itself can run some of these tools, if its operator enables
 * that.
 */
function toAdvice(server: readonly { tool: AnthropicTool }[]): string {
  const name = ['web_search', 'web_fetch'].find((each) =>
    server.some(({ tool }) => tool.type.startsWith(each)),
  )
  return name === undefined
    ? ''
    : ` This gateway can run ${name} for any model: its operator can enable it with "server_tools" in the catalog.`
}

function fromAnthropic(
  tool: AnthropicTool,
  path: string,
  context: OfferedToolsContext,
): OfferedTool | 'server' | undefined {
  switch (toolRunner(tool)) {
    case 'client': {
      const plain = toClientTool(tool)
      return plain === undefined ? 'server' : offer(plain, path, context)
    }
    case 'search':
      // All tools are loaded, so that no search is needed.
      context.report.map(path, 'all tools')
      return undefined
    case 'server':
      return 'server'
  }
}

function fromCustom(tool: CustomTool, path: string, context: OfferedToolsContext): OfferedTool {
  const { report } = context
  if (tool.defer_loading === true) {
    report.ignore('tools.defer_loading')
  }
  if (tool.eager_input_streaming === true) {
    report.ignore('tools.eager_input_streaming')
  }
  const { name, input_schema: schema } = tool
  const offered = offer({ name, description: describe(tool, path, report), schema }, path, context)
  const cacheControl = tool.cache_control ?? undefined
  return {
    ...offered,
    isStrict: tool.strict === true,
    ...(cacheControl === undefined ? {} : { cacheControl }),
  }
}

/** The description, with the examples of inputs, for which other protocols have no field. */
function describe(
  { description, input_examples: examples }: CustomTool,
  path: string,
  report: Report,
): string {
  const text = description ?? ''
  if (examples === undefined || examples === null || examples.length === 0) {
    return text
  }
  report.map(`${path}.input_examples`, 'description')
  const listed = examples.map((example) => JSON.stringify(example))
  return [...(text === '' ? [] : [text, '']), 'Examples of inputs:', ...listed].join('\n')
}

function offer(
  { name, description, schema }: PlainTool,
  path: string,
  { names, report }: OfferedToolsContext,
): OfferedTool {
  const upstreamName = names.toUpstream(name)
  if (upstreamName !== name) {
    report.map(`${path}.name`, upstreamName)
  }
  return {
    path,
    name: upstreamName,
    description,
    schema: repairSchema(schema, `${path}.input_schema`, report),
    isStrict: false,
  }
}
