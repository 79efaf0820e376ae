/** The routes of sign-in. */
import type { Context } from 'hono'
import { html } from 'hono/html'

import { Issuers } from '../../../identity/providers/issuers.ts'
import { SignInRefused } from '../../../identity/refused.ts'
import type { AppEnv, Dependencies } from '../../env.ts'
import { requireKey } from '../../middleware/authenticate.ts'
import type { Configure } from '../../middleware/configure.ts'
import type { GetCatalog } from '../catalog.ts'
import type { AddRoutes } from '../lazy-app.ts'
import type { Desk } from './desk.ts'
import { createDesk } from './desk.ts'
import { answerDiscovery, beginDevice } from './device-authorization.ts'
import { receiveCode, receiveDecision, showCodeForm, showConfirmation } from './device-page.ts'
import { answerBootstrap, answerManagedSettings } from './managed-settings.ts'
import { answerPage } from './page.ts'
import { goToProvider, returnFrom } from './providers.ts'
import { answerRevoke, answerToken } from './token.ts'

/** The routes, with the caches of an isolate. */
export function signInRoutes(
  { fetch, now }: Pick<Dependencies, 'fetch' | 'now'>,
  configure: Configure,
  getCatalog: GetCatalog,
): AddRoutes {
  const openDesk = createDesk(configure, getCatalog, new Issuers({ fetch, now }), now)
  const at =
    (answer: (c: Context<AppEnv>, desk: Desk) => Response | Promise<Response>) =>
    async (c: Context<AppEnv>): Promise<Response> =>
      answer(c, await openDesk(c))
  return (app) => {
    app.onError((error, c) => {
      if (error instanceof SignInRefused) {
        const body = html`<p>${error.message}</p>`
        return answerPage(c, { title: 'You are not signed in', body, status: 403 })
      }
      throw error
    })
    app.get('/.well-known/oauth-authorization-server', at(answerDiscovery))
    app.post('/oauth/device_authorization', at(beginDevice))
    app.post('/oauth/token', at(answerToken))
    app.post('/oauth/revoke', at(answerRevoke))
    // Signs in to the console.
    app.get(
      '/oauth/sign-in',
      at((c, desk) => goToProvider(c, desk, c.req.query('provider') ?? '', 'console')),
    )
    app.get('/oauth/callback', at(returnFrom))
    app.get('/device', at(showCodeForm))
    app.post('/device', at(receiveCode))
    app.get('/device/confirm', at(showConfirmation))
    app.post('/device/confirm', at(receiveDecision))
    const anyKey = requireKey({ now }, configure, () => true)
    app.use('/managed/settings', anyKey)
    app.use('/user/bootstrap', anyKey)
    app.get('/user/bootstrap', at(answerBootstrap))
    app.get('/managed/settings', at(answerManagedSettings))
  }
}
