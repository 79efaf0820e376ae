/** Jobs as long-running operations, with the requests in their body (https://ai.google.dev/gemini-api/docs/batch-api). */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asCount, asObject, asString } from '../../anthropic/json.ts'
import type { NativeJobs, NativeResult } from './native-api.ts'

const form = /^(.*)(\/models\/[^/]+):generateContent$/

/** Jobs of providers whose batch API is a long-running operation. */
export const operationJobs: NativeJobs = {
  fits: (url) => form.test(url),

  async submit(api, url, requests) {
    const [, base = '', model = ''] = form.exec(url) ?? []
    const inlined = requests.map(({ id, body }) => ({ request: body, metadata: { key: id } }))
    const { name } = await api.json('POST', `${base}${model}:batchGenerateContent`, {
      batch: {
        display_name: 'messages-gateway',
        input_config: { requests: { requests: inlined } },
      },
    })
    return `${base}/${String(name)}`
  },

  async poll(api, job) {
    const { done, error, response } = await api.json('GET', job)
    if (error !== undefined) {
      return { state: 'failed' }
    }
    if (done !== true) {
      return { state: 'running' }
    }
    const outer = asObject(response)?.['inlinedResponses']
    const results = asArray(asObject(outer)?.['inlinedResponses'] ?? outer)
    return {
      state: 'ended',
      results: new Map(results.flatMap((each) => toResult(asObject(each) ?? {}))),
    }
  },

  cancel: (api, job) => api.send('POST', `${job}:cancel`),
}

function toResult({ metadata, response, error }: JsonObject): [string, NativeResult][] {
  const id = asString(asObject(metadata)?.['key']) ?? ''
  const json = asObject(response)
  if (json !== undefined) {
    const usage = asObject(json['usageMetadata'])
    const billed = usage && { usageMetadata: { ...usage, serviceTier: 'batch' } }
    return [[id, { status: 200, body: JSON.stringify({ ...json, ...billed }) }]]
  }
  const refused = asObject(error)
  // Codes of gRPC: 3 is an invalid argument; others are left to single requests.
  return asCount(refused?.['code']) === 3
    ? [[id, { status: 400, body: JSON.stringify({ error: { ...refused, code: 400 } }) }]]
    : []
}
