/** The calls that need no classifier: reading inside the directories that the user has opened to the agent. */
import type { JsonObject } from '../anthropic/json.ts'
import { asString } from '../anthropic/json.ts'
import { trustedRoots } from './context.ts'

/** Claude Code's tools that only read, with the field of their path and of a pattern of paths. */
const readers: Readonly<Record<string, { path: string; pattern: string | undefined }>> = {
  Read: { path: 'file_path', pattern: undefined },
  LS: { path: 'path', pattern: undefined },
  Glob: { path: 'path', pattern: 'pattern' },
  Grep: { path: 'path', pattern: 'glob' },
}

/** Whether a call only reads inside trusted directories. False wherever that is not certain. */
export function isTrustedRead(name: string, input: JsonObject, context: JsonObject): boolean {
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined
  if (reader === undefined || context['platform'] === 'win32') {
    return false
  }
  const pattern = reader.pattern === undefined ? undefined : input[reader.pattern]
  if (pattern !== undefined && !isConfined(pattern)) {
    return false
  }
  const path = toAbsolute(input[reader.path] ?? '.', context['live_cwd'])
  return (
    path !== undefined &&
    trustedRoots(context)
      .flatMap((root) => toAbsolute(root, undefined) ?? [])
      .some((root) => path === root || path.startsWith(root === '/' ? '/' : `${root}/`))
  )
}

/** Whether a pattern cannot leave the directory that it is applied in. */
function isConfined(pattern: unknown): boolean {
  return (
    typeof pattern === 'string' &&
    !/^[/~\\]/.test(pattern) &&
    !pattern.includes('..') &&
    !/[{,]\s*[/~]/.test(pattern)
  )
}

/**
 * A path without `.` and `..`; undefined if it cannot be resolved, such as `~` or a path above `/`.
 */
function toAbsolute(path: unknown, base: unknown): string | undefined {
  const text = asString(path)
  if (text === undefined || /^~|[\\\0$]/.test(text)) {
    return undefined
  }
  const start = asString(base)
  const absolute = text.startsWith('/') ? text : start?.startsWith('/') && `${start}/${text}`
  if (typeof absolute !== 'string') {
    return undefined
  }
  const parts: string[] = []
  for (const part of absolute.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) {
        return undefined
      }
    } else if (part !== '' && part !== '.') {
      parts.push(part)
    }
  }
  return `/${parts.join('/')}`
}
