/** Every answer has a `request-id`, success too: SDKs show it, and operators find the log line by it. */
import type { Context } from 'hono'

import type { AppEnv, Dependencies } from '../env.ts'

/** Sets `requestId`. */
export function nameRequest(c: Context<AppEnv>, { newId }: Pick<Dependencies, 'newId'>): void {
  c.set('requestId', newId('req_'))
}

/** Sets the header. An id that an upstream gave (a pass-through) is kept. */
export function nameAnswer({ res, get }: Context<AppEnv>): void {
  if (!res.headers.has('request-id')) {
    res.headers.set('request-id', get('requestId'))
  }
}
