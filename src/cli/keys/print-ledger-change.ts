/** What `release` and `adjust` print, of a key or of a group. */
import { printableJson } from '../platform/printable.ts'

/** Prints the requests that were released. */
export function printReleased(released: readonly unknown[], json: boolean | undefined): void {
  console.log(
    json === true
      ? JSON.stringify({ released })
      : `Released ${released.length} requests. Each is charged as an estimate until its end is known.`,
  )
}

/** Prints a correction that was booked. `owner`: the key or group, as it was named. */
export function printBooked(
  booked: { usd: string | number },
  { json, owner }: { json: boolean | undefined; owner: string },
): void {
  console.log(json === true ? printableJson(booked) : `Booked ${booked.usd} USD for ${owner}.`)
}
