/** `robots.txt` (RFC 9309): whether a site allows a page to be fetched. Pure. */
import { endOfPieces } from '../../platform/model-pattern.ts'

const agent = 'messages-gateway'

interface Rule {
  isAllowed: boolean
  path: string
}

/** Whether the rules for this agent, or else for all, allow the path (with its query). */
export function allowsPath(robots: string, path: string): boolean {
  const groups = readGroups(robots)
  const rules = groups.get(agent) ?? groups.get('*') ?? []
  const matching = rules.filter((rule) => matches(rule.path, path))
  // The longest rule counts; of two as long, the one that allows.
  const [best] = matching.toSorted(
    (a, b) => b.path.length - a.path.length || Number(b.isAllowed) - Number(a.isAllowed),
  )
  return best?.isAllowed ?? true
}

function readGroups(robots: string): Map<string, Rule[]> {
  const groups = new Map<string, Rule[]>()
  let agents: string[] = []
  let isNaming = false
  for (const line of robots.split(/\r?\n/)) {
    const [, field = '', value = ''] = /^\s*([\w-]+)\s*:\s*([^#]*)/.exec(line) ?? []
    const name = field.toLowerCase()
    if (name === 'user-agent') {
      agents = [...(isNaming ? agents : []), value.trim().toLowerCase()]
      isNaming = true
    } else if (name === 'allow' || name === 'disallow') {
      isNaming = false
      const path = value.trim()
      if (path !== '') {
        const rule = { isAllowed: name === 'allow', path }
        agents.forEach((each) => groups.set(each, [...(groups.get(each) ?? []), rule]))
      }
    }
  }
  return groups
}

/** `*` matches anything, and a `$` at the end the end. */
function matches(rule: string, path: string): boolean {
  const isWhole = rule.endsWith('$')
  const [start = '', ...pieces] = (isWhole ? rule.slice(0, -1) : rule).split('*')
  if (!path.startsWith(start)) {
    return false
  }
  const end = endOfPieces(pieces, path, start.length)
  if (end === undefined) {
    return false
  }
  return (
    !isWhole || end === path.length || (pieces.length > 0 && path.endsWith(pieces.at(-1) ?? ''))
  )
}
