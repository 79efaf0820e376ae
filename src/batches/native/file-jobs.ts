/**
 * Jobs over a file of lines, as the batch API that servers of chat completions and responses share
 * (https://platform.openai.com/docs/guides/batch).
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, asString } from '../../anthropic/json.ts'
import type { NativeApi, NativeJobs, NativeResult } from './native-api.ts'

const form = /^(.*)(\/chat\/completions|\/responses)$/

/** States in which results are there, as far as the job came. */
const ended = new Set(['completed', 'expired', 'cancelled'])

/** Jobs of providers whose batch API takes a file of lines. */
export const fileJobs: NativeJobs = {
  fits: (url) => form.test(url),

  async submit(api, url, requests) {
    const [, base = '', path = ''] = form.exec(url) ?? []
    const endpoint = `/v1${path}`
    const lines = requests.map(({ id, body }) =>
      JSON.stringify({ custom_id: id, method: 'POST', url: endpoint, body }),
    )
    const upload = new FormData()
    upload.set('purpose', 'batch')
    upload.set('file', new File([`${lines.join('\n')}\n`], 'batch.jsonl'))
    const { id: file } = await api.json('POST', `${base}/files`, upload)
    const job = { input_file_id: file, endpoint, completion_window: '24h' }
    const { id } = await api.json('POST', `${base}/batches`, job)
    return `${base}/batches/${String(id)}`
  },

  async poll(api, job) {
    const { status, output_file_id: output, error_file_id: errors } = await api.json('GET', job)
    if (status === 'failed') {
      return { state: 'failed' }
    }
    if (typeof status !== 'string' || !ended.has(status)) {
      return { state: 'running' }
    }
    const lines = [...(await readFile(api, job, output)), ...(await readFile(api, job, errors))]
    return { state: 'ended', results: new Map(lines.flatMap(toResult)) }
  },

  cancel: (api, job) => api.send('POST', `${job}/cancel`),
}

async function readFile(api: NativeApi, job: string, id: unknown): Promise<JsonObject[]> {
  return typeof id === 'string'
    ? api.lines(`${job.slice(0, job.lastIndexOf('/batches/'))}/files/${id}/content`)
    : []
}

/** A line without a response is one that did not run. */
function toResult({ custom_id: id, response }: JsonObject): [string, NativeResult][] {
  const { status_code: status, body } = asObject(response) ?? {}
  const json = asObject(body)
  return typeof status === 'number' && json !== undefined
    ? [[asString(id) ?? '', { status, body: JSON.stringify({ ...json, ...toTier(status) }) }]]
    : []
}

/** What is billed as a part of a job, whatever the server reports. */
function toTier(status: number): object {
  return status === 200 ? { service_tier: 'batch' } : {}
}
