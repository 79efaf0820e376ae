/** The price of a model by the name under which an upstream lists it in the usage of another one's answer. */
import type { Price } from '../price.ts'
import type { Catalog } from '../schema/catalog.ts'
import type { Resolve } from './resolver.ts'

/**
 * Finds the price of a model by its name in the catalog, or that of a target at its provider; a `*` of the
 * catalog matches last. Undefined if the catalog has no price for it.
 */
export function priceByName(resolve: Resolve, catalog: Catalog, name: string): Price | undefined {
  const resolved = resolve(catalog, name)
  const own = resolved?.targets.find(({ price }) => price !== undefined)?.price
  const isExact = resolved?.model.id.includes('*') === false
  return isExact && own !== undefined ? own : (priceOfTarget(catalog, name) ?? own)
}

function priceOfTarget({ models }: Catalog, name: string): Price | undefined {
  for (const { price: shared, targets } of models) {
    const target = targets.find(({ model, price = shared }) => model === name && price)
    if (target !== undefined) {
      return target.price ?? shared
    }
  }
  return undefined
}
