/**
 * Tool names that an upstream rejects: too long (`mcp__server__tool`) or with unsupported
 * characters. They are shortened in the request (tools, tool choice and history), and restored in
 * the response. The short name is a function of the long one, so that no state is kept between
 * requests.
 */
import { fingerprint } from './fingerprint.ts'

/** The tool names that an upstream accepts. */
interface ToolNameRule {
  maxLength: number
  /** Matches the characters that a name must not contain; must be global. */
  illegal: RegExp
  /** Matches a valid first character, if the rule is stricter for it. */
  first?: RegExp
}

/** The names of a request's tools in both directions. */
export interface ToolNames {
  /** Returns the upstream's name for a client's name. */
  toUpstream: (name: string) => string
  /** Upstream's name → client's name, for names that differ. */
  readonly toClient: ReadonlyMap<string, string>
}

const hashLength = 8

/**
 * Creates the names of one request; `known` are the offered tools' names, of which no valid one is
 * given to another tool.
 */
export function createToolNames(known: readonly string[], rule: ToolNameRule): ToolNames {
  const taken = new Set(known.filter((name) => isLegal(name, rule)))
  const toClient = new Map<string, string>()
  const shortened = new Map<string, string>()

  function shorten(name: string): string {
    const head = toLegal(name, rule).slice(0, rule.maxLength - hashLength - 1)
    let short = ''
    let salt = 0
    do {
      short = `${head}_${fingerprint(salt === 0 ? name : `${name} ${salt}`, hashLength)}`
      salt += 1
    } while (taken.has(short))
    return short
  }

  return {
    toClient,
    toUpstream(name) {
      if (isLegal(name, rule)) {
        return name
      }
      const short = shortened.get(name) ?? shorten(name)
      shortened.set(name, short)
      toClient.set(short, name)
      taken.add(short)
      return short
    },
  }
}

function isLegal(name: string, rule: ToolNameRule): boolean {
  return (
    name !== '' &&
    name.length <= rule.maxLength &&
    name.search(rule.illegal) === -1 &&
    (rule.first === undefined || rule.first.test(name.slice(0, 1)))
  )
}

function toLegal(name: string, rule: ToolNameRule): string {
  const legal = name.replace(rule.illegal, '_')
  const isFirst = (start: string): boolean => rule.first?.test(start.slice(0, 1)) ?? true
  return isFirst(legal) ? legal : `${isFirst('_') ? '' : 'tool'}_${legal}`
}
