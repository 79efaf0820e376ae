/**
 * Masks API keys in text that is stored or logged, since clients send them in place of a model's
 * name.
 */

/** Matches the gateway's keys, and those in the form of most providers (`sk-…`). */
const secret = /\b(?:gwr?-[a-z2-7]{10}-[0-9A-Za-z-]{20,}|sk-[\w-]{20,})/g

/** Returns the text with each API key replaced. */
export function maskSecrets(text: string): string {
  return text.replaceAll(secret, '[redacted]')
}
