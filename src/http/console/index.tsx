/** The app of the console. Loaded at the first request to it. */
import type { Context } from 'hono'
import { Hono } from 'hono/tiny'

import { toErrorReply } from '../../anthropic/error-reply.ts'
import { GatewayError } from '../../anthropic/error.ts'
import { Issuers } from '../../identity/providers/issuers.ts'
import { ConsoleSessions } from '../../identity/sessions.ts'
import { consolePath } from '../console-path.ts'
import { requireKey } from '../middleware/authenticate.ts'
import { createDesk } from '../routes/sign-in/desk.ts'
import { answerAsset } from './assets.ts'
import type { ConsoleTools } from './console-tools.ts'
import type { ConsoleEnv } from './env.ts'
import { cancelBatch, deleteBatch, downloadResults, showBatches } from './pages/batches.tsx'
import { changeCatalog, rollBackCatalog, showCatalog, showVersion } from './pages/catalog.tsx'
import { makeSecret, showConnect } from './pages/connect.tsx'
import { showFailure } from './pages/failure.tsx'
import { deleteFile, showFiles } from './pages/files.tsx'
import { showHealth } from './pages/health.tsx'
import { showHome } from './pages/home.tsx'
import {
  createGroup,
  showGroup,
  showGroups,
  showNewGroup,
  updateGroup,
} from './pages/keys/groups.tsx'
import { rotateKey, setKeyStatus, showKey, updateKey } from './pages/keys/key.tsx'
import { createKey, showKeys, showNewKey } from './pages/keys/keys.tsx'
import { showPeople, showPerson, signOutPerson } from './pages/keys/people.tsx'
import { showModels } from './pages/models.tsx'
import { showPlayground } from './pages/playground.tsx'
import { showRequests } from './pages/requests.tsx'
import { showSessions } from './pages/sessions.tsx'
import { downloadUsage, showUsage } from './pages/usage.tsx'
import { addSecurityHeaders } from './security-headers.ts'
import { requireSession } from './session/require-session.ts'
import { requireSameOrigin } from './session/same-origin.ts'
import { enterByAccess, enterFromProvider } from './sign-in/person.ts'
import { createSession, endSessions, showEnter, showSignIn, signOut } from './sign-in/sign-in.tsx'

/** Creates the app; the app around it sets `exchange`. */
export function createConsole(tools: ConsoleTools): Hono<ConsoleEnv> {
  const { fetch, now, registries, configure, getCatalog, apis } = tools
  const openDesk = createDesk(configure, getCatalog, new Issuers({ fetch, now }), now)
  const app = new Hono<ConsoleEnv>()
  app.use(addSecurityHeaders)
  app.onError(answerConsoleError)
  app.use(async function share(c, next) {
    const config = configure(c)
    const { sessions, keys, ledgers, signIns } = config
    c.set('registries', registries)
    c.set('getCatalog', async () => (await getCatalog(config)).catalog)
    c.set(
      'sessions',
      sessions === undefined
        ? undefined
        : new ConsoleSessions({ sessions, keys, ledgers, signIns }, now),
    )
    await next()
  })
  const routes = app.basePath(consolePath)
  routes.get('/assets/:name', answerAsset)
  routes.use(requireSameOrigin)
  routes.get('/sign-in', showSignIn)
  routes.get('/enter', showEnter)
  routes.post('/session', createSession(now))
  routes.get('/signed-in', enterFromProvider(openDesk))
  routes.get('/access', enterByAccess(openDesk))
  routes.use(requireSession(apis))
  addApi(routes, tools)
  addOwnPages(routes)
  addOperatorPages(routes)
  return app
}

/** What scripts ask, with the session in place of a key. */
function addApi(
  routes: Hono<ConsoleEnv>,
  { now, configure, apis, postMessages }: ConsoleTools,
): void {
  routes.all('/api/organizations/*', async (c) => {
    const url = new URL(c.req.url)
    url.pathname = url.pathname.replace(`${consolePath}/api/`, '/v1/')
    return apis.admin(c, new Request(url, c.req.raw), c.get('key'))
  })
  routes.post('/api/messages', requireKey({ now }, configure), (c) => postMessages(c))
}

function addOwnPages(routes: Hono<ConsoleEnv>): void {
  routes.get('/', showHome)
  routes.get('/connect', showConnect)
  routes.post('/connect', makeSecret)
  routes.get('/playground', showPlayground)
  routes.get('/models', showModels)
  routes.get('/batches', showBatches)
  routes.get('/batches/:id/results', downloadResults)
  routes.post('/batches/:id/cancel', cancelBatch)
  routes.post('/batches/:id/delete', deleteBatch)
  routes.get('/files', showFiles)
  routes.post('/files/:id/delete', deleteFile)
  routes.get('/sessions', showSessions)
  routes.post('/sessions/end', endSessions)
  routes.post('/sign-out', signOut)
}

/** Each reads or changes through the Admin API, which refuses keys that may not. */
function addOperatorPages(routes: Hono<ConsoleEnv>): void {
  routes.get('/keys', showKeys)
  routes.post('/keys', createKey)
  routes.get('/keys/new', showNewKey)
  routes.get('/keys/:id', showKey)
  routes.post('/keys/:id', updateKey)
  routes.post('/keys/:id/status', setKeyStatus)
  routes.post('/keys/:id/rotate', rotateKey)
  routes.get('/groups', showGroups)
  routes.post('/groups', createGroup)
  routes.get('/groups/new', showNewGroup)
  routes.get('/groups/:id', showGroup)
  routes.post('/groups/:id', updateGroup)
  routes.get('/people', showPeople)
  routes.get('/people/:id', showPerson)
  routes.post('/people/:id/sign-out', signOutPerson)
  routes.get('/usage', showUsage)
  routes.get('/usage.csv', downloadUsage)
  routes.get('/requests', showRequests)
  routes.get('/catalog', showCatalog)
  routes.post('/catalog', changeCatalog)
  routes.post('/catalog/rollback', rollBackCatalog)
  routes.get('/catalog/versions/:number', showVersion)
  routes.get('/health', showHealth)
}

/** Scripts get the envelope of the API, people a page. Errors that are no failures are bugs, for the app above. */
function answerConsoleError(error: Error, c: Context<ConsoleEnv>): Response | Promise<Response> {
  const isScript = c.req.path.startsWith(`${consolePath}/api/`)
  if (isScript || !(error instanceof GatewayError)) {
    throw error
  }
  c.get('exchange').refused(error.failure)
  return showFailure(c, toErrorReply(error.failure))
}
