import type { Context } from 'hono'

import { resolveModel } from '../../../catalog/resolve/resolve.ts'
import type { Catalog } from '../../../catalog/schema/catalog.ts'
import type { ConsoleEnv } from '../env.ts'
import { listModelIds } from './model-ids.ts'

/** The context window that Claude Code assumes behind a custom host, in tokens. */
const assumedContext = 200_000

/** The model that examples name, and its context window where Claude Code needs it as a setting. */
export async function firstModel(
  c: Context<ConsoleEnv>,
): Promise<{ model: string; contextTokens: number | undefined }> {
  const [first = 'MODEL'] = await listModelIds(c)
  return { model: first, contextTokens: contextOf(await c.get('getCatalog')(), first) }
}

function contextOf(catalog: Catalog, name: string): number | undefined {
  const context = resolveModel(catalog, name)?.model.max_input_tokens ?? assumedContext
  return context === assumedContext ? undefined : context
}
