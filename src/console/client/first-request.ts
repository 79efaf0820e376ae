/** Says when the first request of a key arrives. */
import { getJson } from './api.ts'

/** Milliseconds between two questions, and for how long they are asked. */
const everyMs = 2000
const forMs = 900_000

interface KeyView {
  secrets: { last_used_at: string | null }[]
}

interface LineView {
  at: string
  line: { status: number; ms: number; target?: string; 'gen_ai.request.model'?: string }
}

export function watchFirstRequest(element: HTMLElement): void {
  const id = element.dataset['key'] ?? 'me'
  const since = performance.timeOrigin + performance.now()
  element.setAttribute('role', 'status')
  element.textContent = 'Waiting for the first request …'
  const timer = setInterval(async () => {
    const view = await getJson<KeyView>(`/organizations/api_keys/${id}`)
    const used = (view?.secrets ?? []).map(({ last_used_at: at }) => Date.parse(at ?? ''))
    if (used.some((at) => at >= since - everyMs)) {
      clearInterval(timer)
      element.textContent = `The first request has arrived${await describe(id)}.`
      element.className = 'notice good'
    } else if (performance.timeOrigin + performance.now() > since + forMs || view === undefined) {
      clearInterval(timer)
      element.textContent = 'No request has arrived yet. Load the page again to go on waiting.'
    }
  }, everyMs)
}

/** The latest request, where the live log has it. */
async function describe(id: string): Promise<string> {
  const path = id === 'me' ? '/api_keys/me/requests?limit=1' : `/requests?limit=1&api_key_id=${id}`
  const lines = await getJson<{ data: LineView[] }>(`/organizations${path}`)
  const line = lines?.data[0]?.line
  return line === undefined
    ? ''
    : `: ${line['gen_ai.request.model'] ?? ''} by ${line.target ?? 'no target'}, status ${line.status}, ${line.ms} ms`
}
