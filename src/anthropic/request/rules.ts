/**
 * Rules of a request that a schema cannot express, over several fields, in Anthropic's wording.
 * Only what no dialect can repair is rejected; interrupted calls, orphaned results, empty texts and
 * consecutive turns of one role are repaired.
 */
import { invalidAt, invalidRequest } from '../error.ts'
import { asObject } from '../json.ts'
import { isToolsetType } from './client-toolsets.ts'
import type { ContentBlock, ToolResultContent } from './content-block.ts'
import type { CountTokensRequest, MessageParam, MessagesRequest, ToolParam } from './request.ts'
import { listToolChanges, readToolChange } from './tool-changes.ts'

/** Throws a {@link GatewayError} `invalid_request` for the first broken rule. */
export function checkRules(request: CountTokensRequest | MessagesRequest): void {
  checkCounts(request)
  const references = checkMessages(request)
  checkToolNames(request)
  checkToolChoice(request)
  checkDeferral(request)
  checkReferences(request, references)
  if ('max_tokens' in request) {
    checkLimits(request)
  }
}

/**
 * The maximal numbers of messages, which is Anthropic's (https://docs.claude.com/en/api/messages),
 * and of tools, of which clients offer some hundreds.
 */
const most = { messages: 100_000, tools: 2000 }

function checkCounts(request: CountTokensRequest): void {
  for (const field of ['messages', 'tools'] as const) {
    const max = most[field]
    if ((request[field]?.length ?? 0) > max) {
      throw invalidAt(field, `List should have at most ${max} items`)
    }
  }
}

/** A tool that a block refers to by its name. */
interface Reference {
  name: string
  path: string
}

/** Checks every block, in one walk. Returns the references to tools, for {@link checkReferences}. */
function checkMessages({ messages }: CountTokensRequest): Reference[] {
  if (messages.length === 0) {
    throw invalidAt('messages', 'at least one message is required')
  }
  const ids = new Set<string>()
  const references: Reference[] = []
  for (const [index, { role, content }] of messages.entries()) {
    for (const [at, block] of typeof content === 'string' ? [] : content.entries()) {
      const fault = findFault(block, role, ids)
      if (fault !== undefined) {
        throw invalidAt(`messages.${index}.content.${at}${fault.field}`, fault.message)
      }
      for (const name of namesIn(block)) {
        references.push({ name, path: `messages.${index}.content.${at}` })
      }
    }
  }
  return references
}

/** The fault of one block; `ids` are those of the calls before it. */
function findFault(
  block: ContentBlock,
  role: MessageParam['role'],
  ids: Set<string>,
): { field: string; message: string } | undefined {
  if (block.type === 'tool_result' && role !== 'user') {
    return { field: '', message: '`tool_result` blocks can only be in `user` messages' }
  }
  if (block.type !== 'tool_use') {
    return undefined
  }
  if (role !== 'assistant') {
    return { field: '', message: '`tool_use` blocks can only be in `assistant` messages' }
  }
  // An input may be null or of another type, which dialects repair, but not absent.
  if (block.input === undefined) {
    return { field: '.tool_use.input', message: 'Field required' }
  }
  if (block.name === '') {
    return { field: '.tool_use.name', message: 'String should have at least 1 character' }
  }
  if (ids.has(block.id)) {
    return { field: '', message: '`tool_use` ids must be unique' }
  }
  ids.add(block.id)
  return undefined
}

/**
 * Rejects different tools with one name. The same tool twice is accepted, as when two servers offer
 * it.
 */
function checkToolNames({ tools }: CountTokensRequest): void {
  const seen = new Map<string, object>()
  for (const tool of tools ?? []) {
    const offered = 'custom' in tool ? tool.custom : tool.anthropic.raw
    const name = 'custom' in tool ? tool.custom.name : tool.anthropic.name
    const before = name === undefined ? undefined : seen.get(name)
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(offered)) {
      throw invalidAt('tools', 'Tool names must be unique.')
    }
    if (name !== undefined) {
      seen.set(name, offered)
    }
  }
}

function checkToolChoice(request: CountTokensRequest): void {
  const { tool_choice: choice } = request
  if (choice === undefined || choice === null) {
    return
  }
  if (choice.type === 'tool' && choice.name === undefined) {
    throw invalidAt('tool_choice.tool.name', 'Field required')
  }
  const forced = choice.type === 'any' || choice.type === 'tool'
  if (!forced) {
    return
  }
  const names = namesOf(request)
  if (names.length === 0) {
    throw invalidRequest(
      `tool_choice.${choice.type} may only be specified while providing tools`,
      'tool_choice',
    )
  }
  if (choice.type === 'tool') {
    // A toolset has no name: its members are looked for where they become functions.
    if (!names.includes(choice.name) && !hasToolset(request)) {
      throw invalidRequest(
        `Tool '${choice.name}' not found in provided tools`,
        'tool_choice.tool.name',
      )
    }
  }
}

/** The names of all tools of a request; undefined for those without one. */
function namesOf({ tools, messages }: CountTokensRequest): (string | undefined)[] {
  return [
    ...(tools ?? []).map((tool) => ('custom' in tool ? tool.custom.name : tool.anthropic.name)),
    ...listToolChanges(messages).flatMap(({ name, definition }) => (definition ? name : [])),
  ]
}

function hasToolset({ tools }: CountTokensRequest): boolean {
  return (tools ?? []).some((tool) => 'anthropic' in tool && isToolsetType(tool.anthropic.type))
}

/** https://platform.claude.com/docs/en/agents-and-tools/tool-use/tool-search-tool */
function checkDeferral(request: CountTokensRequest): void {
  const all = request.tools ?? []
  const isDeferred = (tool: ToolParam): boolean =>
    ('custom' in tool ? tool.custom.defer_loading : tool.anthropic.raw['defer_loading']) === true
  if (all.length > 0 && all.every(isDeferred)) {
    throw invalidRequest(
      'All tools have defer_loading set. At least one tool must be non-deferred.',
      'tools',
    )
  }
}

/** References to tools in results, and in what system messages add and remove. */
function checkReferences(request: CountTokensRequest, references: readonly Reference[]): void {
  if (references.length === 0) {
    return
  }
  const names = new Set(namesOf(request))
  const missing = references.find(({ name }) => !names.has(name))
  if (missing !== undefined) {
    const message = `Tool reference '${missing.name}' not found in available tools`
    throw invalidRequest(message, missing.path, 'tool_reference_unresolved')
  }
}

function namesIn(block: ContentBlock): readonly string[] {
  switch (block.type) {
    case 'tool_result':
      return Array.isArray(block.content) ? block.content.flatMap(toReference) : none
    case 'other': {
      const change = readToolChange(block.raw)
      const isReference = asObject(change?.block['tool'])?.['type'] === 'tool_reference'
      return change !== undefined && isReference ? [change.name] : none
    }
    default:
      return none
  }
}

const none: readonly string[] = []

function toReference(block: ToolResultContent): readonly string[] {
  return block.type === 'tool_reference' ? [block.tool_name] : none
}

function checkLimits(request: MessagesRequest): void {
  if (request.max_tokens === 0) {
    checkWarming(request)
  }
  checkThinking(request)
  checkStopSequences(request.stop_sequences ?? [])
}

/** The maximal total length of stop sequences, which take memory while the answer is written. */
const maxStopCharacters = 65_536

function checkStopSequences(sequences: readonly string[]): void {
  if (sequences.reduce((sum, { length }) => sum + length, 0) > maxStopCharacters) {
    const limit = `at most ${maxStopCharacters} characters in total`
    throw invalidAt('stop_sequences', `stop sequences should have ${limit}`)
  }
}

/**
 * The minimal thinking budget
 * (https://docs.claude.com/en/docs/build-with-claude/extended-thinking).
 */
const leastBudget = 1024

const displays = new Set(['summarized', 'omitted', 'updates'])

function checkThinking({ thinking, max_tokens: maxTokens }: MessagesRequest): void {
  const { type, display, budget_tokens: budget } = thinking ?? {}
  if (display !== null && display !== undefined && !displays.has(display)) {
    const path = `thinking.${type}.display`
    throw invalidAt(path, "Input should be 'summarized' or 'omitted'")
  }
  if (type !== 'enabled') {
    return
  }
  const path = 'thinking.enabled.budget_tokens'
  if (typeof budget !== 'number') {
    throw invalidAt(path, 'Field required')
  }
  if (budget < leastBudget) {
    throw invalidAt(path, `Input should be greater than or equal to ${leastBudget}`)
  }
  if (budget >= maxTokens) {
    throw invalidRequest('`max_tokens` must be greater than `thinking.budget_tokens`', 'max_tokens')
  }
}

/**
 * Checks `max_tokens: 0`, which warms a cache
 * (https://docs.claude.com/en/docs/build-with-claude/prompt-caching).
 */
function checkWarming(request: MessagesRequest): void {
  const format = request.output_config?.format ?? request.output_format ?? undefined
  const wrong = {
    stream: request.stream === true,
    thinking: request.thinking?.type === 'enabled',
    'output_config.format': format !== undefined,
    tool_choice: ['any', 'tool'].includes(request.tool_choice?.type ?? ''),
  }
  for (const [field, isWrong] of Object.entries(wrong)) {
    if (isWrong) {
      throw invalidAt('max_tokens', `0 may not be combined with ${field}`)
    }
  }
}
