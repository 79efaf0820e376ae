/** A fault of a catalog, with the path of the field. */
import type * as z from 'zod/mini'

import { describeIssues } from '../../anthropic/issues.ts'

/** One fault of a catalog: the path of a field, and what is wrong with its value. */
export interface Fault {
  /** Dotted path: `providers.lab.base_url`. Empty for the whole document. */
  path: string
  message: string
}

/** The fault of a field at `path`, if it is wrong. */
export function faultIf(isWrong: boolean, path: string, message: string): Fault[] {
  return isWrong ? [{ path, message }] : []
}

/** One line: `providers.lab.base_url: …`. */
export function describeFault({ path, message }: Fault): string {
  return path === '' ? message : `${path}: ${message}`
}

/** Converts a schema issue; `at` is the path of the parsed value in the catalog. */
export function toFaults(issue: z.core.$ZodIssue, at: readonly string[] = []): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...at, ...issue.path, key].join('.'),
      message: credentialName.test(key) ? credential : 'unknown field',
    }))
  }
  const { path, message } = describeIssues([issue])
  const isEmpty = issue.code === 'too_small' && issue.origin !== 'number'
  return [
    {
      path: [...at, ...(path === '' ? [] : [path])].join('.'),
      message: isEmpty ? 'must not be empty' : message,
    },
  ]
}

const credentialName = /^(?:api[_-]?key|key|token|password)$/i

const credential =
  'the catalog must not contain API keys; store the key as a Worker secret (`wrangler secret put NAME`, locally in .dev.vars) and set "secret" to its NAME'
