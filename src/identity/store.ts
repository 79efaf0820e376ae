/** The storage of one Durable Object, as its steps use it; in tests, a map. */
export type Store = Pick<SyncKvStorage, 'get' | 'put' | 'delete' | 'list'>
