/** Checks that the back ends of server tools exist. */
import { fetchBackEnds, searchBackEnds } from '../../server-tools/back-ends/index.ts'
import type { Catalog } from '../schema/catalog.ts'
import type { CatalogModel } from '../schema/model.ts'
import { nativeBackEnd } from '../server-tools.ts'
import type { Fault } from './fault.ts'
import { faultIf } from './fault.ts'

/** The faults of one set of server tools at `path`. */
export function checkServerTools(
  tools: Catalog['server_tools'] | CatalogModel['server_tools'],
  path: string,
): Fault[] {
  const { web_search: search, web_fetch: fetch } = tools ?? {}
  return [
    ...checkBackEnd(search, `${path}.web_search`, searchNames),
    ...checkBackEnd(fetch, `${path}.web_fetch`, fetchNames),
  ]
}

/** The names that `back_end` of web search may have. */
export const searchNames: readonly string[] = [...Object.keys(searchBackEnds), nativeBackEnd]

/** The names that `back_end` of web fetch may have. */
export const fetchNames: readonly string[] = ['direct', 'browser', ...Object.keys(fetchBackEnds)]

function checkBackEnd(
  settings: { back_end: string } | false | undefined,
  path: string,
  known: readonly string[],
): Fault[] {
  if (settings === undefined || settings === false) {
    return []
  }
  const { back_end: name } = settings
  const message = `unknown back end: ${name} (known: ${known.join(', ')})`
  return faultIf(!known.includes(name), `${path}.back_end`, message)
}
