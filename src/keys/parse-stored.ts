import type * as z from 'zod/mini'

import { GatewayError } from '../anthropic/error.ts'
import { describeIssues } from '../anthropic/issues.ts'

/**
 * Parses a record of KV. Throws a GatewayError `misconfigured` for one that is damaged, whose message `describe`
 * makes of its fault.
 */
export function parseStored<Schema extends z.ZodMiniType>(
  schema: Schema,
  text: string,
  describe: (fault: string) => string,
): z.infer<Schema> {
  const refuse = (fault: string, cause?: Error): GatewayError =>
    new GatewayError({ kind: 'misconfigured', message: describe(fault) }, { cause })
  try {
    const result = schema.safeParse(JSON.parse(text), { reportInput: true })
    if (result.success) {
      return result.data
    }
    const { path, message } = describeIssues(result.error.issues)
    throw refuse(`${path}: ${message}`)
  } catch (error) {
    throw error instanceof SyntaxError ? refuse('it is not valid JSON', error) : error
  }
}
