/** The platform's `fetch`, called with a URL: passing a Request would construct it twice. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** The values of the headers of these names, where a message has them. */
export function pickHeaders(headers: Headers, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )
}
