/**
 * The gateway's own APIs as pages use them: in this process, with the rights of the session's key. What a page
 * may show or change is decided there alone.
 */
import type { KeyRecord } from '../../keys/record.ts'
import type { AdminApi, AdminContext } from '../routes/admin/tools.ts'

type ApiContext = AdminContext & { req: { url: string } }

/** The APIs, by name; their paths begin with {@link bases}. */
export interface Apis {
  admin: AdminApi
  batches: AdminApi
  files: AdminApi
}

const bases: Readonly<Record<keyof Apis, string>> = {
  admin: '/v1/organizations',
  batches: '/v1/messages/batches',
  files: '/v1/files',
}

/** A client of the gateway's APIs with the rights of one session. */
export class Api {
  readonly #c: ApiContext
  readonly #fetch: AdminApi
  readonly #base: string
  readonly #key: KeyRecord

  constructor(
    c: ApiContext,
    { name, fetch }: { name: keyof Apis; fetch: AdminApi },
    key: KeyRecord,
  ) {
    this.#c = c
    this.#fetch = fetch
    this.#base = bases[name]
    this.#key = key
  }

  /** Reads JSON. Throws the GatewayError with which the API would answer, as all methods do. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- says what the page reads
  async get<View>(path: string): Promise<View> {
    return (await this.send(path)).json<View>()
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- says what the page reads
  async post<View>(path: string, body: object): Promise<View> {
    const init = { method: 'POST', body: JSON.stringify(body) }
    return (await this.send(path, init)).json<View>()
  }

  async send(path: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(this.#base + path, this.#c.req.url)
    return this.#fetch(this.#c, new Request(url, init), this.#key)
  }
}
