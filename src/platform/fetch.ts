/** The platform's `fetch`, called with a URL: passing a Request would construct it twice. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>
