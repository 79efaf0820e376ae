/** Says when the first request of a key arrives. */
import { getJson } from './api.ts'

/** Milliseconds between two questions, and for how long they are asked. */
const everyMs = 2000
const forMs = 900_000

interface ReportView {
  data: { results: { gateway: { requests: number } }[] }[]
}

interface LineView {
  at: string
  line: { status: number; ms: number; target?: string; 'gen_ai.request.model'?: string }
}

/** A running watch for requests; `ignoreOne` excludes the next one, which the page sends itself. */
export interface Watch {
  /** Makes the watch wait for a request beside one that the page has sent itself. */
  ignoreOne: () => void
}

/** Watches the key that the element names, or the person's own. */
export function watchFirstRequest(element: HTMLElement): Watch {
  const key = element.dataset['key']
  const [since, start] = [new Date().toISOString(), performance.now()]
  let known: number | undefined
  element.setAttribute('role', 'status')
  const look = async (): Promise<void> => {
    const count = await countRequests(key, since)
    if (known === undefined && count !== undefined) {
      known = count
      element.textContent = 'Waiting for the first request …'
    }
    if (count !== undefined && count > (known ?? 0)) {
      clearInterval(timer)
      element.textContent = `The first request has arrived${await describe(key)}.`
      element.className = 'notice good'
    } else if (performance.now() > start + forMs || count === undefined) {
      clearInterval(timer)
      element.textContent = 'No request has arrived yet. Reload the page to keep waiting.'
    }
  }
  const timer = setInterval(() => void look(), everyMs)
  void look()
  return {
    ignoreOne: () => {
      known = (known ?? 0) + 1
    },
  }
}

/** Counts the key's requests of this hour and the next ones; undefined where usage is not kept. */
async function countRequests(key: string | undefined, since: string): Promise<number | undefined> {
  const query = `starting_at=${since}&bucket_width=1h&limit=2`
  const path =
    key === undefined
      ? `/api_keys/me/usage_report?${query}`
      : `/usage_report/messages?${query}&api_key_ids[]=${key}`
  const report = await getJson<ReportView>(`/organizations${path}`)
  return report?.data
    .flatMap(({ results }) => results)
    .reduce((sum, { gateway }) => sum + gateway.requests, 0)
}

/** The latest request, where the live log has it. */
async function describe(key: string | undefined): Promise<string> {
  const path =
    key === undefined ? '/api_keys/me/requests?limit=1' : `/requests?limit=1&api_key_id=${key}`
  const lines = await getJson<{ data: LineView[] }>(`/organizations${path}`)
  const line = lines?.data[0]?.line
  return line === undefined
    ? ''
    : `: ${line['gen_ai.request.model'] ?? ''} by ${line.target ?? 'no target'}, status ${line.status}, ${line.ms} ms`
}
