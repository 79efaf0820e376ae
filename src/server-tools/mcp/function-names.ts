/** The names by which a model calls tools of MCP servers: `mcp__<server>__<tool>`, as Claude Code names them. */
import { createToolNames } from '../../dialects/shared/tools/tool-names.ts'

/** The characters and length that all upstreams accept. */
const rule = { maxLength: 64, illegal: /[^a-zA-Z0-9_-]/g }

/**
 * Names of one request. The same tools in the same order get the same names, so that nothing is kept
 * between requests.
 */
export class FunctionNames {
  readonly #taken: Set<string>
  readonly #names: ReturnType<typeof createToolNames>
  readonly #known = new Map<string, string>()

  /** `taken`: names of the client's tools. */
  constructor(taken: readonly string[]) {
    this.#taken = new Set(taken)
    this.#names = createToolNames(taken, rule)
  }

  of(server: string, tool: string): string {
    const id = JSON.stringify([server, tool])
    const known = this.#known.get(id)
    if (known !== undefined) {
      return known
    }
    const plain = this.#names.toUpstream(`mcp__${server}__${tool}`)
    // What no upstream accepts is replaced by a hash of all of it.
    const name = this.#taken.has(plain)
      ? this.#names.toUpstream(`mcp__${server}__${tool} ${id}`)
      : plain
    this.#taken.add(name)
    this.#known.set(id, name)
    return name
  }
}
