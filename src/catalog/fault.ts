/** One thing that is wrong with a catalog, told so that the operator finds it. */
import type * as z from 'zod/mini'

import { describeIssues } from '../anthropic/issues.ts'

export interface Fault {
  /** Where, dotted: `providers.lab.base_url`. Empty for the whole document. */
  path: string
  message: string
}

/** `providers.lab.base_url: …` */
export function describeFault({ path, message }: Fault): string {
  return path === '' ? message : `${path}: ${message}`
}

/** A schema's issue as faults; `at` is where the value that was parsed stands in the catalog. */
export function toFaults(issue: z.core.$ZodIssue, at: readonly string[] = []): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...at, ...issue.path, key].join('.'),
      message: credentialName.test(key) ? credential : 'there is no such field',
    }))
  }
  const { path, message } = describeIssues([issue])
  const isEmpty = issue.code === 'too_small' && issue.origin !== 'number'
  return [
    {
      path: [...at, ...(path === '' ? [] : [path])].join('.'),
      message: isEmpty ? 'may not be empty' : message,
    },
  ]
}

const credentialName = /^(?:api[_-]?key|key|token|password)$/i

const credential =
  'a key may not stand in the catalog; make it a Worker secret (`wrangler secret put NAME`, locally in .dev.vars) and give its NAME as "secret"'
