/**
 * Tool names that an upstream refuses: too long (`mcp__server__tool`) or with characters it does not
 * know. They are shortened on the way up, in tools, tool choice and history alike, and restored on
 * the way back. The short name depends on the long one alone, so no state is kept between requests.
 */
import { fingerprint } from './fingerprint.ts'

/** What an upstream takes for a tool's name. */
interface ToolNameRule {
  maxLength: number
  /** Matches the characters that may not stand in a name; must be global. */
  illegal: RegExp
  /** Matches a legal first character, where the rule is stricter there. */
  first?: RegExp
}

export interface ToolNames {
  /** The name to send for a client's name. */
  toUpstream: (name: string) => string
  /** Upstream's name → client's name, for those that differ. */
  readonly toClient: ReadonlyMap<string, string>
}

const hashLength = 8

/** `known` are the names of the tools on offer: those that are legal are never given to another. */
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
