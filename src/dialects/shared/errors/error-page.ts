/** Error bodies that are not JSON. */

/** The length of text that is shown: enough to identify the page. */
const maxText = 200

const statusTexts: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  520: 'Web Server Returned an Unknown Error',
  522: 'Connection Timed Out',
  524: 'A Timeout Occurred',
  529: 'Overloaded',
}

/** Describes a status, such as `502 Bad Gateway`; a sentence if there was no status. */
export function describeStatus(status: number | undefined): string {
  if (status === undefined) {
    return 'The provider reported an error without a message.'
  }
  const text = statusTexts[status]
  return text === undefined ? `HTTP ${status}` : `${status} ${text}`
}

/** The status and the first 200 characters of the page's visible text. */
export function describePage(status: number, body: string): string {
  const text = body
    .replace(/<(script|style|head)\b[^>]*(?:>[\s\S]*?(?:<\/\1\s*>|$)|$)/gi, ' ')
    .replace(/<!--[\s\S]*?(?:-->|$)/g, ' ')
    .replace(/<[^>]*>?/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return text === ''
    ? describeStatus(status)
    : `${describeStatus(status)}: ${text.slice(0, maxText)}`
}
