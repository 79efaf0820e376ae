/**
 * Redacts secrets in upstream text. Providers repeat keys, account ids and URLs in their error
 * messages, which belong to the gateway's operator and not to the client.
 */

const hidden = '[redacted]'

/** The rules, in order: whole URLs before words in them. */
const rules: readonly (readonly [RegExp, string])[] = [
  // https://user:password@host
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#@]+@/gi, '$1'],
  // ?key=…; &api-version is kept.
  [
    /([?&;](?:api[_-]?key|key|token|access[_-]?token|sig|signature|secret|password|code)=)[^\s&#"']+/gi,
    `$1${hidden}`,
  ],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${hidden}`],
  // Incorrect API key provided: …; Your api key: …; x-api-key: …; "api_key":"…"
  [
    /\b((?:x-)?(?:goog-)?api[ _-]?key(?: provided)?|authorization|secret|password)("?\s*[:=]\s*"?)[^\s"',;]+/gi,
    `$1$2${hidden}`,
  ],
  // Keys by their vendors' prefixes.
  [
    /\b(?:sk|pk|rk|gsk|xai|hf|nvapi|pplx|csk|fw|r8|ghp|gho|ghu|ghs|github_pat|glpat|tgp_v1|AIza|ya29|ABSK|AKIA|ASIA|gw)[-_.]?[\w*.-]{12,}/g,
    hidden,
  ],
  // JSON web tokens.
  [/\beyJ[\w-]{6,1000}\.[\w-]+(?:\.[\w-]*)?/g, hidden],
  // org-…, proj_…, user_…, acct_…
  [/\b(?:org|proj|user|acct|acc|team|workspace|wrkspc)[-_][A-Za-z0-9]{8,}\b/g, hidden],
  // Team: <uuid>, API key ID: <uuid>, project 1234567890
  [
    /\b((?:team|organization|organisation|org|project|account|tenant|subscription|user|key)(?: id)?s?[:=]?\s+["'`]?)(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|\d{10,})/gi,
    `$1${hidden}`,
  ],
  // /accounts/<id>/, /projects/<id>/
  [/(\/(?:accounts|projects|subscriptions|organizations|tenants)\/)[^\s/"']+/gi, `$1${hidden}`],
  // AWS account numbers.
  [/\b(arn:[\w-]+:[\w-]*:[\w-]*:)\d{12}/g, `$1${hidden}`],
]

/**
 * Returns the text without keys, credentials in URLs, and account ids; the same text if it has none. What
 * JSON escapes hide, at any depth (`\\u0073k-…`), is found, and the text is then returned without escapes.
 */
export function redact(text: string): string {
  const revealed = reveal(text)
  let clean = revealed
  for (const [pattern, replacement] of rules) {
    clean = clean.replace(pattern, replacement)
  }
  return clean === revealed ? text : clean
}

/** Escapes of quotes, slashes and ASCII characters; a JSON text inside another has more backslashes. */
const escapes = /(?<!\\)\\+(?:u00([2-7][0-9a-f])|(["/]))/gi

function reveal(text: string): string {
  return text.includes('\\')
    ? text.replace(escapes, (_, code: string | undefined, character: string) =>
        code === undefined ? character : String.fromCharCode(Number.parseInt(code, 16)),
      )
    : text
}
