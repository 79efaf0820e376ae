/** Requests to the console's own API, with the session's cookie. */

const base = '/console/api'

/** Reads JSON; undefined where the API refuses. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- says what the caller reads
export async function getJson<View>(path: string): Promise<View | undefined> {
  const response = await fetch(base + path)
  if (!response.ok) {
    return undefined
  }
  const view: View = await response.json()
  return view
}

/** Posts a body; the caller reads the response. */
export async function post(path: string, body: string, init: RequestInit = {}): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(base + path, { method: 'POST', headers, body, ...init })
}

/** The sentence of an error's envelope. */
export async function readError(response: Response): Promise<string> {
  const text = await response.text()
  try {
    const { error }: { error?: { message?: string } } = JSON.parse(text)
    return error?.message ?? text
  } catch {
    // Not the gateway's own answer, such as one of a proxy.
    return `${response.status} ${text.slice(0, 200)}`
  }
}
