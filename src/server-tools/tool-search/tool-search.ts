/** Tool search: finds deferred tools of the request, which the model is given from its next call on. */
import type { ServerResultBlock } from '../../anthropic/answer/wire/server-tools.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, asString, parseJson } from '../../anthropic/json.ts'
import type { Report } from '../../anthropic/report.ts'
import { toFunction } from '../definition.ts'
import { toToolSearchError as toError, toFreeRun } from '../result.ts'
import type { RefusalReason, Run, ServerCall, ServerTool } from '../tool.ts'
import type { DeferredTool } from './deferred-tools.ts'
import { selectTools } from './deferred-tools.ts'
import { PatternError } from './parse-pattern.ts'
import { Pattern } from './pattern.ts'
import { rank } from './rank.ts'

type Kind = 'tool_search_tool_regex' | 'tool_search_tool_bm25'

/**
 * The number of tools that a search finds at Anthropic:
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/tool-search-tool
 */
const maxFound = 5
const maxPattern = 200
const maxQuery = 1000

/** Steps that one pattern may take over all tools: some tens of milliseconds. */
const maxSteps = 2_000_000

class StepsExceeded extends Error {
  override readonly name = 'StepsExceeded'
}

/** The server tool for tool search, by regular expression or by BM25. */
export class ToolSearch implements ServerTool {
  readonly name: Kind
  readonly definition: JsonObject
  readonly price = 0
  readonly #tools: readonly DeferredTool[]

  /** `tools`: those that can be found. `entry`: the client's. */
  constructor(name: Kind, tools: readonly DeferredTool[], entry: JsonObject) {
    this.name = name
    this.#tools = tools
    this.definition = toDefinition(name, tools.length, entry)
  }

  select(tools: readonly unknown[], json: JsonObject): readonly unknown[] {
    return selectTools(tools, json)
  }

  report(path: string, report: Report): void {
    report.map(path, 'searched by the gateway')
  }

  run(call: ServerCall): Promise<Run> {
    return Promise.resolve(toFreeRun(this.#search(call)))
  }

  refuse({ id }: ServerCall, reason: RefusalReason): ServerResultBlock {
    return toError(id, reason === 'max_uses_exceeded' ? 'too_many_requests' : reason, null)
  }

  #search({ id, json }: ServerCall): ServerResultBlock {
    const isPattern = this.name === 'tool_search_tool_regex'
    const query = asString(asObject(parseJson(json))?.['query']) ?? ''
    const max = isPattern ? maxPattern : maxQuery
    if (query.trim() === '' || query.length > max) {
      return toError(id, 'invalid_tool_input', `query: 1 to ${max} characters are expected`)
    }
    try {
      return toBlock(id, isPattern ? this.#match(query) : this.#rank(query))
    } catch (error) {
      if (error instanceof PatternError) {
        return toError(id, 'invalid_tool_input', `query: ${error.message}`)
      }
      if (error instanceof StepsExceeded) {
        return toError(id, 'execution_time_exceeded', 'query: the pattern takes too long')
      }
      throw error
    }
  }

  #match(query: string): string[] {
    const pattern = new Pattern(query)
    let remaining = maxSteps
    const spend = (steps: number): void => {
      remaining -= steps
      if (remaining < 0) {
        throw new StepsExceeded()
      }
    }
    const found: string[] = []
    for (const { name, text } of this.#tools) {
      if (found.length < maxFound && pattern.occursIn(text, spend)) {
        found.push(name)
      }
    }
    return found
  }

  #rank(query: string): string[] {
    const best = rank(
      query,
      this.#tools.map(({ text }) => text),
      maxFound,
    )
    return best.flatMap((index) => this.#tools[index]?.name ?? [])
  }
}

function toBlock(id: string, names: readonly string[]): ServerResultBlock {
  return {
    type: 'tool_search_tool_result',
    tool_use_id: id,
    content: {
      type: 'tool_search_tool_search_result',
      tool_references: names.map((name) => ({ type: 'tool_reference', tool_name: name })),
    },
  }
}

function toDefinition(name: Kind, count: number, entry: JsonObject): JsonObject {
  const how =
    name === 'tool_search_tool_regex'
      ? 'a regular expression as of Python’s re.search, case-sensitive unless it begins with (?i), of at most 200 characters'
      : 'words that say what the tool does'
  const description = `Finds tools among ${count} that are not loaded yet, by their names, descriptions and arguments. Search before you say that you cannot do something. The tools that are found can be called from then on.`
  return toFunction({ name, description }, { query: `What to find: ${how}.` }, entry)
}
