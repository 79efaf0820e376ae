/**
 * Instants as text, both ways. Times are always given: no clock is read here.
 */

/** RFC 3339, in seconds; undefined for what is no instant. */
export function toRfc3339(epochMs: number): string | undefined {
  // The year 2000 to the year 9999: what is outside is a unit misread.
  if (!(epochMs >= 946_684_800_000 && epochMs < 253_402_300_800_000)) {
    return undefined
  }
  // oxlint-disable-next-line no-restricted-globals -- formats an instant that was given
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`
}

/** Milliseconds since the epoch of an HTTP date or an ISO date; undefined for other texts. */
export function readInstant(text: string): number | undefined {
  if (!/^(?:\w{3}, \d|\d{4}-\d\d-\d\d[T ])/.test(text)) {
    return undefined
  }
  // oxlint-disable-next-line no-restricted-globals -- parses an instant that was given
  const epochMs = Date.parse(text)
  return Number.isNaN(epochMs) ? undefined : epochMs
}
