/**
 * Toolsets that the client runs, for models that know none: each enabled member is offered as a function, such
 * as `computer__left_click`, and a call of it is the member's again.
 */
import type { ToolsetCall } from '../../anthropic/answer/wire/message.ts'
import { invalidAt, invalidRequest } from '../../anthropic/error.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../../anthropic/json.ts'
import type { Report } from '../../anthropic/report.ts'
import { blocksOf } from '../history/read-blocks.ts'
import { isClientToolset } from '../uses-server-tools.ts'
import { renderBrowserState } from './browser-state.ts'
import { browserMembers } from './browser.ts'
import { computerMembers } from './computer.ts'
import type { ToolsetMember, ToolsetMembers } from './member.ts'

interface OfferedMember {
  call: ToolsetCall
  /** The entry of `tools` in its place. */
  definition: JsonObject
}

/** A toolset of the request. */
interface Toolset {
  /** The index of the client's entry. */
  index: number
  offered: readonly OfferedMember[]
  /** Names in `configs` that are no members. */
  unknown: readonly string[]
}

/** The client's toolsets of one request. */
export class ClientToolsets {
  readonly #toolsets: readonly Toolset[]
  /** The members by the names of their functions. */
  readonly #offered: ReadonlyMap<string, OfferedMember>

  constructor(tools: readonly unknown[]) {
    this.#toolsets = tools.flatMap((entry, index) =>
      isClientToolset(entry) ? toToolset(entry, index) : [],
    )
    this.#offered = new Map(
      this.#toolsets.flatMap(({ offered }) =>
        offered.map((member) => [toFunctionName(member.call), member] as const),
      ),
    )
  }

  /** The functions in place of all toolsets. */
  get definitions(): JsonObject[] {
    return this.#toolsets.flatMap(({ index }) => this.definitionsAt(index))
  }

  /** The functions in place of the entry at that index. */
  definitionsAt(at: number | undefined): JsonObject[] {
    return this.#toolsets
      .filter(({ index }) => index === at)
      .flatMap(({ offered }) => offered.map(({ definition }) => definition))
  }

  /** The member whose function has that name; undefined for other tools. */
  readonly toCall = (name: string): ToolsetCall | undefined => this.#offered.get(name)?.call

  /**
   * The request with the names of functions in its messages and its choice of a tool. Throws a GatewayError
   * `invalid_request` for members that do not exist, and for a tool with the name of a function.
   */
  withFunctionNames(json: JsonObject): JsonObject {
    this.#check(asArray(json['tools']))
    return {
      ...json,
      messages: asArray(json['messages']).map(rename),
      ...this.#renameChoice(json),
    }
  }

  #check(tools: readonly unknown[]): void {
    for (const { index, unknown } of this.#toolsets) {
      const [name] = unknown
      if (name !== undefined) {
        const path = `tools.${index}.configs.${name}`
        throw invalidAt(path, `Extra inputs are not permitted: the toolset has no such tool`)
      }
    }
    const names = [
      ...tools.flatMap((tool) => asString(asObject(tool)?.['name']) ?? []),
      ...this.definitions.flatMap(({ name }) => asString(name) ?? []),
    ]
    const seen = new Set<string>()
    for (const name of names) {
      if (seen.has(name) && this.#offered.has(name)) {
        throw invalidAt(
          'tools',
          `Tool names must be unique: ${name} is also the name of a tool of a toolset`,
        )
      }
      seen.add(name)
    }
  }

  report(report: Report): void {
    for (const { index } of this.#toolsets) {
      report.map(`tools.${index}`, 'functions')
    }
  }

  /** A member may be forced by its own name. */
  #renameChoice({ tools, tool_choice: choice }: JsonObject): JsonObject {
    const { type, name } = asObject(choice) ?? {}
    const isNamed = (tool: unknown): boolean => asObject(tool)?.['name'] === name
    if (type !== 'tool' || typeof name !== 'string' || asArray(tools).some(isNamed)) {
      return {}
    }
    const found = [...this.#offered].find(([, { call }]) => call.name === name)
    if (found === undefined) {
      throw invalidRequest(`Tool '${name}' not found in provided tools`, 'tool_choice.tool.name')
    }
    return { tool_choice: { ...asObject(choice), name: found[0] } }
  }
}

const membersOf: Readonly<Record<string, ToolsetMembers>> = {
  computer: computerMembers,
  browser: browserMembers,
}

function toToolset(entry: JsonObject, index: number): Toolset {
  const [toolset = ''] = (asString(entry['type']) ?? '').split('_')
  const members = Object.entries(membersOf[toolset] ?? {})
  const configs = new Map(Object.entries(asObject(entry['configs']) ?? {}))
  const known = new Set(members.map(([name]) => name))
  const enabled = members.filter(([name, { isOptional }]) => {
    const isEnabled = asObject(configs.get(name))?.['enabled']
    return isEnabled === true || (isEnabled !== false && isOptional !== true)
  })
  const offered = enabled.map(([name, member], at): OfferedMember => {
    const call = { name, toolset_name: toolset }
    const isDeferred = asObject(configs.get(name))?.['defer_loading'] === true
    // A breakpoint at a toolset is one after its last tool.
    const cacheControl =
      at === enabled.length - 1 ? (entry['cache_control'] ?? undefined) : undefined
    return { call, definition: toDefinition(call, member, { isDeferred, cacheControl }) }
  })
  return { index, offered, unknown: [...configs.keys()].filter((name) => !known.has(name)) }
}

function toDefinition(
  call: ToolsetCall,
  { description, properties, required = [] }: ToolsetMember,
  { isDeferred, cacheControl }: { isDeferred: boolean; cacheControl: unknown },
): JsonObject {
  return {
    name: toFunctionName(call),
    description,
    input_schema: { type: 'object', properties, required },
    ...(isDeferred ? { defer_loading: true } : {}),
    ...(cacheControl === undefined ? {} : { cache_control: cacheControl }),
  }
}

function toFunctionName({ name, toolset_name: toolset }: ToolsetCall): string {
  return `${toolset}__${name}`
}

function rename(message: unknown): unknown {
  const blocks = blocksOf(message)
  const renamed = blocks.map(renameBlock)
  return renamed.every((block, at) => block === blocks[at])
    ? message
    : { ...asObject(message), content: renamed }
}

/** A call by the name of its function, and a result whose state of the browser is text; the same object for others. */
function renameBlock(block: JsonObject): JsonObject {
  const { type, name, toolset_name: toolset, ...rest } = block
  if (type === 'tool_use' && typeof toolset === 'string' && typeof name === 'string') {
    return { type, ...rest, name: toFunctionName({ name, toolset_name: toolset }) }
  }
  const { content } = block
  return type === 'tool_result' && Array.isArray(content) && content.some(isBrowserState)
    ? {
        ...block,
        content: content.map((item) => (isBrowserState(item) ? renderBrowserState(item) : item)),
      }
    : block
}

function isBrowserState(block: unknown): block is JsonObject {
  return isObject(block) && block['type'] === 'browser_state'
}
