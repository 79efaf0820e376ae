/**
 * What an empty catalog serves in a deployment: the models of each vendor whose binding is bound, in
 * place of the demo. The rest of the built-in catalog stays, so that a secret is still all that a
 * provider's models need.
 */
import type { BoundModel, BoundOffer, Preset } from '../providers/preset.ts'
import { lookUp } from './registries.ts'
import type { Catalog } from './schema/catalog.ts'
import type { CatalogModel, CatalogTarget } from './schema/model.ts'

type Presets = Readonly<Record<string, Preset>>

/** Replaces the demo by what is offered through bindings; returns the catalog itself if nothing is. */
export function withBoundModels(
  catalog: Catalog,
  presets: Presets,
  isBound: (binding: string) => boolean,
): Catalog {
  const offers = Object.values(presets).flatMap(({ name, offer }) =>
    offer !== undefined && isBound(offer.binding) ? [{ preset: name, offer }] : [],
  )
  if (offers.length === 0) {
    return catalog
  }
  const rest = withoutDemo(catalog, presets)
  return {
    ...rest,
    providers: {
      ...Object.fromEntries(offers.map(({ preset, offer }) => [offer.provider, { preset }])),
      ...rest.providers,
    },
    models: [...offers.flatMap(({ offer }) => toEntries(offer)), ...rest.models],
    aliases: {
      ...Object.fromEntries(offers.flatMap(({ offer }) => toAliases(offer))),
      ...rest.aliases,
    },
  }
}

function withoutDemo(catalog: Catalog, presets: Presets): Catalog {
  const isDemo = (provider: string): boolean =>
    lookUp(presets, lookUp(catalog.providers, provider)?.preset)?.isDemo === true
  const models = catalog.models.filter(
    ({ targets }) => !targets.every(({ provider }) => isDemo(provider)),
  )
  const usedIds = new Set(models.map(({ id }) => id))
  const used = new Set(models.flatMap(({ targets }) => targets.map(({ provider }) => provider)))
  return {
    ...catalog,
    providers: Object.fromEntries(
      Object.entries(catalog.providers).filter(([name]) => !isDemo(name) || used.has(name)),
    ),
    models,
    aliases: Object.fromEntries(
      Object.entries(catalog.aliases ?? {}).filter(([, id]) => usedIds.has(id)),
    ),
  }
}

function toEntries(offer: BoundOffer): CatalogModel[] {
  return offer.models.map((each) => {
    const fallback = offer.models.find(({ model }) => model === each.fallback)
    return {
      id: toId(offer, each.model),
      display_name: each.displayName,
      created_at: each.createdAt,
      max_input_tokens: each.contextWindow,
      capabilities: {
        image_input: each.takesImages,
        pdf_input: false,
        thinking: true,
        structured_outputs: true,
      },
      price: each.price,
      targets: [
        { provider: offer.provider, model: each.model },
        ...(fallback === undefined ? [] : [toFallback(offer, fallback)]),
      ],
    }
  })
}

function toFallback({ provider }: BoundOffer, each: BoundModel): CatalogTarget {
  const { model, contextWindow, price } = each
  return { provider, model, max_input_tokens: contextWindow, price }
}

function toAliases(offer: BoundOffer): [pattern: string, id: string][] {
  return Object.entries(offer.aliases).map(([pattern, model]) => [pattern, toId(offer, model)])
}

/** The id of a model: `<provider>/<last segment of the vendor’s name>`. */
function toId({ provider }: BoundOffer, model: string): string {
  return `${provider}/${model.slice(model.lastIndexOf('/') + 1)}`
}
