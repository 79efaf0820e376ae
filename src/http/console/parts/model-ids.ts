import type { Context } from 'hono'

import type { ConsoleEnv } from '../env.ts'
import type { OwnKeyView } from '../views.ts'

/** The ids of the listed models that the person may use, or see. */
export async function listModelIds(c: Context<ConsoleEnv>): Promise<string[]> {
  return (await c.get('api').get<OwnKeyView>('/api_keys/me')).available_models
}
