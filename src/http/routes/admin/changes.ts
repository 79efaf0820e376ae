/** Changes of keys and groups by HTTP: who makes one, and the error for one that the rules reject. */
import type { Context } from 'hono'

import { invalidRequest } from '../../../anthropic/error.ts'
import { InvalidChange } from '../../../keys/limits-patch.ts'
import type { AppEnv } from '../../env.ts'

/** The actor of a change, for the audit log. */
export function actorOf(c: Context<AppEnv>): string {
  return c.get('actor') ?? `key:${c.get('key').id}`
}

/** The outcome of a change. Throws a GatewayError `invalid_request` for one that was rejected. */
export function requireChanged<Changed extends object>(
  outcome: Changed | { fault: string },
): Changed {
  if ('fault' in outcome) {
    throw invalidRequest(outcome.fault)
  }
  return outcome
}

/** Runs a change. Throws a GatewayError `invalid_request` in place of an {@link InvalidChange}. */
export async function runChange<Value>(change: () => Promise<Value>): Promise<Value> {
  try {
    return await change()
  } catch (error) {
    throw error instanceof InvalidChange ? invalidRequest(error.message) : error
  }
}
