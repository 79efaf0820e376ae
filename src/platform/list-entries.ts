import { append } from './append.ts'
import type { KeyValue, ListPage } from './key-value.ts'

/** Lists the entries of KV whose keys begin with a prefix, over all of its pages, in the order of their keys. */
export async function listEntries(
  kv: Pick<KeyValue, 'list'>,
  prefix: string,
): Promise<ListPage['keys'][number][]> {
  const entries: ListPage['keys'][number][] = []
  let page: ListPage | undefined
  do {
    const cursor = page?.cursor
    page = await kv.list({ prefix, ...(cursor === undefined ? {} : { cursor }) })
    append(entries, page.keys)
  } while (!page.list_complete)
  return entries
}
