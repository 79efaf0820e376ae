/** What `npm start` prints: the models that it serves, and the command that starts Claude Code. */
import { resolveModel } from '../../catalog/resolve/resolve.ts'
import type { Catalog } from '../../catalog/schema/catalog.ts'
import type { CatalogModel } from '../../catalog/schema/model.ts'
import { toTable } from '../platform/table.ts'

/** The maximal number of rows per provider, since a router lists hundreds of models. */
const maxRows = 12

/** Formats a row per listed model: name, provider, context window, price; and a row per model that has aliases. */
export function describeModels({ models, aliases = {} }: Catalog): string {
  const listed = models.filter(
    ({ id, listed: isListed }) => isListed !== false && !id.includes('*'),
  )
  const groups = Map.groupBy(listed, ({ targets: [first] }) => first?.provider ?? '')
  const rows = [...groups].flatMap(([provider, group]) => {
    const rest = group.length - maxRows
    const more = rest > 0 ? [[`… and ${rest} more`, provider, '', '']] : []
    return [...group.slice(0, maxRows).map((model) => toRow(model, provider)), ...more]
  })
  const named = Map.groupBy(Object.entries(aliases), ([, to]) => to)
  const names = [...named].map(([to, group]) => [to, group.map(([from]) => from).join(', ')])
  return [
    toTable(['MODEL', 'PROVIDER', 'CONTEXT', 'USD PER MTOK IN/OUT'], rows),
    ...(names.length === 0 ? [] : ['', toTable(['MODEL', 'ALSO ANSWERS TO'], names)]),
  ].join('\n')
}

function toRow({ id, max_input_tokens, price }: CatalogModel, provider: string): string[] {
  const isFree = price?.input === 0 && price.output === 0
  return [
    id,
    provider,
    max_input_tokens === undefined ? 'unknown' : `${Math.round(max_input_tokens / 1000)}k`,
    price === undefined ? 'unknown' : isFree ? 'free' : `${price.input}/${price.output}`,
  ]
}

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
