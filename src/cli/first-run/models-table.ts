/** The table of models that `npm start` prints. */
import type { Catalog, CatalogModel } from '../../catalog/schema.ts'
import { toTable } from '../platform/table.ts'

/** The maximal number of rows per provider, since a router lists hundreds of models. */
const maxRows = 12

/** Formats a row per listed model: name, provider, context window, price; and the aliases. */
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
  const names = Object.entries(aliases).map(([from, to]) => [from, to])
  return [
    toTable(['MODEL', 'PROVIDER', 'CONTEXT', 'USD PER MTOK IN/OUT'], rows),
    ...(names.length === 0 ? [] : ['', toTable(['CLIENTS THAT ASK FOR', 'GET'], names)]),
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
