/** API keys in texts that are stored or logged: clients put them where a model's name belongs. */

/** Keys of this gateway, and keys in the form that most providers use (`sk-…`). */
const secret = /\b(?:gw-[a-z2-7]{10}-[0-9A-Za-z]{20,}|sk-[\w-]{20,})/g

/** The text with each API key in it replaced. */
export function maskSecrets(text: string): string {
  return text.replaceAll(secret, '[redacted]')
}
