/** Warns of models without a price, which a key or group with a budget may not use. */
import { printable } from '../platform/printable.ts'

/** Prints a warning to standard error, so that `--json` stays JSON. `holders`: as the Admin API returns them. */
export function warnUnpriced(
  holders: readonly { unpriced_models?: readonly string[] | undefined }[],
): void {
  const models = new Set(holders.flatMap(({ unpriced_models: some }) => some ?? []))
  if (models.size > 0) {
    console.error(
      `Warning: with a budget, these models cannot be used until the catalog has their price (0 means free): ${[...models].map(printable).join(', ')}.`,
    )
  }
}
