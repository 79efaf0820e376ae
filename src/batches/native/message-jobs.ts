/** Jobs of the API that this gateway itself serves (https://docs.claude.com/en/api/creating-message-batches). */
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, asString } from '../../anthropic/json.ts'
import type { NativeJobs, NativeResult } from './native-api.ts'

const form = /^.*\/v1\/messages$/

/** Jobs of providers that have Anthropic's Message Batches API. */
export const messageJobs: NativeJobs = {
  fits: (url) => form.test(url),

  async submit(api, url, requests) {
    const { id } = await api.json('POST', `${url}/batches`, {
      requests: requests.map(({ id: custom_id, body }) => ({ custom_id, params: body })),
    })
    return `${url}/batches/${String(id)}`
  },

  async poll(api, job) {
    const { processing_status: status } = await api.json('GET', job)
    return status === 'ended'
      ? {
          state: 'ended',
          results: new Map((await api.lines(`${job}/results`)).flatMap(toResult)),
        }
      : { state: 'running' }
  },

  cancel: (api, job) => api.send('POST', `${job}/cancel`),
}

/** Errors that a single request would have too; all others are left to one. */
const lasting: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  request_too_large: 413,
}

function toResult({ custom_id: id, result }: JsonObject): [string, NativeResult][] {
  const { message, error } = asObject(result) ?? {}
  const json = asObject(message)
  if (json !== undefined) {
    return [[asString(id) ?? '', { status: 200, body: JSON.stringify(json) }]]
  }
  const status = lasting[asString(asObject(asObject(error)?.['error'])?.['type']) ?? '']
  return status === undefined ? [] : [[asString(id) ?? '', { status, body: JSON.stringify(error) }]]
}
