/** Warns of models without a price, which a key or group with a budget may not use. */
import type { KeyLimits } from '../../keys/limits.ts'
import { hasBudget } from '../../keys/limits.ts'
import { allowsModel } from '../../keys/record.ts'
import { printable } from '../platform/printable.ts'
import type { KeySource } from './access/key-source.ts'

/** A key or group. `unpriced_models`: as the gateway of `--url` names them. */
interface Holder {
  models: readonly string[]
  limits: KeyLimits
  unpriced_models?: readonly string[] | undefined
}

/** Prints a warning to standard error, so that `--json` stays JSON. */
export async function warnUnpriced(source: KeySource, holders: readonly Holder[]): Promise<void> {
  const limited = holders.filter(({ limits }) => hasBudget(limits))
  if (source.url !== undefined) {
    printUnpriced([...new Set(holders.flatMap(({ unpriced_models: models }) => models ?? []))])
    return
  }
  if (limited.length === 0) {
    return
  }
  // The catalog's schema and all dialects are loaded only here: most commands need none of them.
  const { readServedUnpriced } = await import('../catalog/served-unpriced.ts')
  const isAllowed = (id: string): boolean => limited.some((holder) => allowsModel([holder], id))
  printUnpriced(await readServedUnpriced(source, isAllowed))
}

function printUnpriced(models: readonly string[]): void {
  if (models.length > 0) {
    console.error(
      `Warning: with a budget, these models cannot be used until the catalog has their price (0 means free): ${models.map(printable).join(', ')}.`,
    )
  }
}
