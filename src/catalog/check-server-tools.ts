/** Checks that the back ends of server tools exist. */
import { searchBackEnds } from '../server-tools/back-ends/index.ts'
import type { Fault } from './fault.ts'
import type { Catalog, CatalogModel } from './schema.ts'

/** The faults of one set of server tools at `path`. */
export function checkServerTools(
  tools: Catalog['server_tools'] | CatalogModel['server_tools'],
  path: string,
): Fault[] {
  const { web_search: search } = tools ?? {}
  return search === undefined || search === false || Object.hasOwn(searchBackEnds, search.back_end)
    ? []
    : [
        {
          path: `${path}.web_search.back_end`,
          message: `unknown back end: ${search.back_end} (known: ${Object.keys(searchBackEnds).join(', ')})`,
        },
      ]
}
