/** The command that starts Claude Code against this gateway. */
import { resolveModel } from '../../catalog/resolve.ts'
import type { Catalog } from '../../catalog/schema.ts'

/** The context window that Claude Code assumes for a model behind a custom host, in tokens. */
const assumedContext = 200_000

/**
 * Returns the command. It has the `model` if the catalog serves none under Claude Code's default
 * name, and the context window if it differs from what Claude Code assumes, since it would compact
 * a conversation too late or too early.
 */
export function claudeCodeLine(
  catalog: Catalog,
  { url, key, model }: { url: string; key: string; model: string },
): string {
  const byDefault = resolveModel(catalog, 'claude-sonnet-5')
  const served = byDefault ?? resolveModel(catalog, model)
  const context = served?.model.max_input_tokens ?? assumedContext
  return [
    `ANTHROPIC_BASE_URL=${url}`,
    `ANTHROPIC_AUTH_TOKEN=${key}`,
    ...(context === assumedContext ? [] : [`CLAUDE_CODE_MAX_CONTEXT_TOKENS=${context}`]),
    `claude${byDefault === undefined ? ` --model ${model}` : ''}`,
  ].join(' ')
}
