/**
 * The Admin API as pages use it: in this process, with the rights of the session's key. What a page may show
 * or change is decided there alone.
 */
import type { KeyRecord } from '../../keys/record.ts'
import type { AdminApi, AdminContext } from '../routes/admin/tools.ts'

type ApiContext = AdminContext & { req: { url: string } }

const base = '/v1/organizations'

export class Api {
  readonly #c: ApiContext
  readonly #admin: AdminApi
  readonly #key: KeyRecord

  constructor(c: ApiContext, admin: AdminApi, key: KeyRecord) {
    this.#c = c
    this.#admin = admin
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
    return this.#admin(this.#c, new Request(new URL(base + path, this.#c.req.url), init), this.#key)
  }
}
