/**
 * Converts schema issues to the wording of Anthropic's API: `<path>: <message>`, the first issue
 * only. Clients match these messages, so that the wording is exact
 * (https://docs.claude.com/en/api/errors; shapes as quoted in public issue threads).
 */
import type * as z from 'zod/mini'

type Issue = z.core.$ZodIssue

/** The first issue of a failed parse in Anthropic's wording, e.g. `max_tokens: Field required`. */
export function describeIssues(issues: readonly Issue[]): { path: string; message: string } {
  const { issue, path } = deepest(issues)
  return { path: path.join('.'), message: describe(issue) }
}

/**
 * The issue with the longest path: in a union, the branch that parsed furthest is the one that was
 * meant.
 */
function deepest(issues: readonly Issue[]): { issue: Issue; path: PropertyKey[] } {
  const issue = issues[0]
  if (issue === undefined) {
    throw new Error('a failed parse has at least one issue')
  }
  const branches = issue.code === 'invalid_union' ? issue.errors : []
  const branch = branches.find((inner) => (inner[0]?.path.length ?? 0) > 0) ?? branches[0]
  if (branch === undefined || branch.length === 0 || issue.input === undefined) {
    return { issue, path: issue.path }
  }
  const inner = deepest(branch)
  return { issue: inner.issue, path: [...issue.path, ...inner.path] }
}

function describe(issue: Issue): string {
  if (issue.input === undefined && issue.code !== 'custom' && issue.code !== 'unrecognized_keys') {
    return 'Field required'
  }
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.startsWith('Input should')
        ? issue.message
        : `Input should be a valid ${typeNames[issue.expected] ?? issue.expected}`
    case 'too_small':
      return `Input should be greater than ${issue.inclusive === false ? '' : 'or equal to '}${issue.minimum}`
    case 'too_big':
      return `Input should be less than ${issue.inclusive === false ? '' : 'or equal to '}${issue.maximum}`
    case 'invalid_value':
      return `Input should be ${oneOf(issue.values)}`
    case 'invalid_format':
      return `String should match pattern '${patternSource(issue.pattern)}'`
    case 'unrecognized_keys':
      return 'Extra inputs are not permitted'
    case 'not_multiple_of':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return 'Input is not valid'
  }
}

const typeNames: Record<string, string> = {
  string: 'string',
  number: 'number',
  int: 'integer',
  boolean: 'boolean',
  array: 'list',
  object: 'dictionary',
  record: 'dictionary',
}

function oneOf(values: readonly unknown[]): string {
  const quoted = values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)))
  const last = quoted.pop() ?? ''
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`
}

function patternSource(pattern: string | undefined): string {
  return (pattern ?? '').replace(/^\/(.*)\/[a-z]*$/s, '$1')
}
