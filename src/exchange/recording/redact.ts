/** Removes personal data and credentials from a text that is recorded. Linear in its length. Pure. */
import { maskSecrets } from '../../platform/mask-secrets.ts'

/** What can be removed, by the name that the catalog uses. */
const patterns = {
  email: /\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}\b/g,
  card: /\b\d(?:[ -]?\d){12,18}\b/g,
  phone: /\+\d(?:[ ()-]{0,2}\d){7,14}\b/g,
  /** Credentials in the form of cloud providers, code hosts and chat services, and JSON Web Tokens. */
  key: /\b(?:AKIA[\dA-Z]{16}|gh[a-z]_\w{20,255}|xox[a-z]-[\w-]{10,255}|AIza[\w-]{35}|eyJ[\w-]{8,4000}\.[\w-]{8,4000}\.[\w-]{8,4000})/g,
} as const

/** The name of a kind of data that is redacted. */
export type Redaction = keyof typeof patterns

/** The kinds of data that are redacted unless the catalog has a list. */
export const redactions: readonly Redaction[] = ['email', 'card', 'phone', 'key']

/** Replaces each match by `[redacted]`, in a text or in JSON, which stays valid. */
export function redact(text: string, names: readonly Redaction[] = redactions): string {
  const masked = names.includes('key') ? maskSecrets(text) : text
  return names.reduce((rest, name) => rest.replace(patterns[name], '[redacted]'), masked)
}
