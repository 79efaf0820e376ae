/** `GET /v1/organizations/recordings/{date}/{request id}`: one recording as JSON, decrypted. */
import type { Context } from 'hono'

import { GatewayError } from '../../../anthropic/error.ts'
import { toObjectName } from '../../../exchange/recording/object-name.ts'
import { mayAdminister } from '../../../keys/record.ts'
import { openStore } from '../../../store/open-store.ts'
import type { AppEnv } from '../../env.ts'

/** A key that may only read reports reads no prompts. */
export async function answerRecording(c: Context<AppEnv>): Promise<Response> {
  if (!mayAdminister(c.get('key'))) {
    throw new GatewayError({ kind: 'not_permitted' })
  }
  const { binding, secret } = c.get('config')
  const { date = '', id = '' } = c.req.param()
  const at = Date.parse(date)
  const isName = /^req_\w{1,64}$/.test(id) && !Number.isNaN(at)
  const store = await openStore({ STORE: binding('STORE'), STORAGE_KEY: secret('STORAGE_KEY') })
  const object = isName ? await store?.get(toObjectName(id, at)) : undefined
  if (object === undefined) {
    const message = `recording: ${date}/${id}`
    throw new GatewayError({ kind: 'not_found', message })
  }
  const text = object.pipeThrough(new DecompressionStream('gzip'))
  return c.body(text, 200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
}
