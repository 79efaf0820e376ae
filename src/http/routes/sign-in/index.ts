/** The routes of sign-in. */
import { html } from 'hono/html'

import { Issuers } from '../../../identity/providers/issuers.ts'
import { SignInRefused } from '../../../identity/refused.ts'
import type { Dependencies } from '../../env.ts'
import { requireKey } from '../../middleware/authenticate.ts'
import type { Configure } from '../../middleware/configure.ts'
import type { GetCatalog } from '../catalog.ts'
import type { AddRoutes } from '../lazy-app.ts'
import { createDesk } from './desk.ts'
import { answerDiscovery, beginDevice } from './device-authorization.ts'
import { receiveCode, receiveDecision, showCodeForm, showConfirmation } from './device-page.ts'
import { answerBootstrap, answerManagedSettings } from './managed-settings.ts'
import { answerPage } from './page.ts'
import { beginConsoleSignIn, returnFrom } from './providers.ts'
import { answerRevoke, answerToken } from './token.ts'

/** The routes, with the caches of an isolate. */
export function signInRoutes(
  { fetch, now }: Pick<Dependencies, 'fetch' | 'now'>,
  configure: Configure,
  getCatalog: GetCatalog,
): AddRoutes {
  const openDesk = createDesk(configure, getCatalog, new Issuers({ fetch, now }), now)
  return (app) => {
    app.onError((error, c) => {
      if (error instanceof SignInRefused) {
        const body = html`<p>${error.message}</p>`
        return answerPage(c, { title: 'You are not signed in', body, status: 403 })
      }
      throw error
    })
    app.get('/.well-known/oauth-authorization-server', answerDiscovery(openDesk))
    app.post('/oauth/device_authorization', beginDevice(openDesk))
    app.post('/oauth/token', answerToken(openDesk))
    app.post('/oauth/revoke', answerRevoke(openDesk))
    app.get('/oauth/sign-in', beginConsoleSignIn(openDesk))
    app.get('/oauth/callback', returnFrom(openDesk))
    app.get('/device', showCodeForm(openDesk))
    app.post('/device', receiveCode(openDesk))
    app.get('/device/confirm', showConfirmation(openDesk))
    app.post('/device/confirm', receiveDecision(openDesk))
    const anyKey = requireKey({ now }, configure, () => true)
    app.use('/managed/settings', anyKey)
    app.use('/user/bootstrap', anyKey)
    app.get('/user/bootstrap', answerBootstrap(openDesk))
    app.get('/managed/settings', answerManagedSettings(openDesk))
  }
}
