import type { Context } from 'hono'

import { mayAdminister } from '../../../keys/record.ts'
import type { ConsoleEnv } from '../env.ts'

/** Whether the person may change what pages of the gateway show. The API decides; pages only omit the forms. */
export function mayChange(c: Context<ConsoleEnv>): boolean {
  return mayAdminister(c.get('key'))
}
