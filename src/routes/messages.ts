/** `POST /v1/messages`: which model, which upstream, and on to it. */
import type { Context } from 'hono'

import type { AppEnv } from '../app-env.ts'
import type { Registries } from '../catalog/registries.ts'
import { readBody } from './body.ts'
import type { CallDependencies } from './call.ts'
import { createCall } from './call.ts'
import type { GetCatalog } from './catalog.ts'
import { chooseUpstream } from './choose-upstream.ts'
import { answerPassedThrough } from './passed-through.ts'
import { answerTranslated } from './translated.ts'

/** The handler. Throws a GatewayError for every failure that comes before the first event. */
export function answerMessages(
  dependencies: CallDependencies,
  registries: Registries,
  getCatalog: GetCatalog,
) {
  return async function postMessages(c: Context<AppEnv>): Promise<Response> {
    const body = await readBody(c.req.raw)
    const { catalog } = await getCatalog(c.get('config'))
    const chosen = chooseUpstream(c, catalog, registries, body)
    const call = createCall(c, dependencies, { body, ...chosen })
    const { dialect, quirks } = chosen.upstream
    return dialect.kind === 'pass-through'
      ? answerPassedThrough(call, dialect, 'messages')
      : answerTranslated(call, dialect.bind(chosen.upstream, quirks))
  }
}
