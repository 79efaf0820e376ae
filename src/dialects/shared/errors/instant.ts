/** Converts instants to text and back; the clock is not read here. */

/** Formats an instant as RFC 3339 in seconds; undefined if it is out of range. */
export function toRfc3339(epochMs: number): string | undefined {
  // From the year 2000 to 9999: others are in a misinterpreted unit.
  if (!(epochMs >= 946_684_800_000 && epochMs < 253_402_300_800_000)) {
    return undefined
  }
  // oxlint-disable-next-line no-restricted-globals -- formats an instant that was given
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`
}

/** Parses an HTTP date or ISO date to milliseconds since the epoch; undefined for other text. */
export function readInstant(text: string): number | undefined {
  if (!/^(?:\w{3}, \d|\d{4}-\d\d-\d\d[T ])/.test(text)) {
    return undefined
  }
  // oxlint-disable-next-line no-restricted-globals -- parses an instant that was given
  const epochMs = Date.parse(text)
  return Number.isNaN(epochMs) ? undefined : epochMs
}
