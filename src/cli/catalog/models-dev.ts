/**
 * Reads models.dev, a public, hand-maintained catalog of the limits, prices and capabilities of most
 * providers' models. `api.json` is an object of providers, each with an object of models.
 */
import * as z from 'zod'

import { defined } from '../../platform/defined.ts'
import { UserError } from '../platform/run-command.ts'
import { fetchJson } from './fetch-json.ts'
import type { ModelFacts } from './model-facts.ts'

/** The URL of the models.dev document. */
export const modelsDevUrl = 'https://models.dev/api.json'

const count = z.number().int().positive().optional().catch(undefined)
const usd = z.number().nonnegative().optional().catch(undefined)
const flag = z.boolean().optional().catch(undefined)
const kinds = z.array(z.string()).optional().catch(undefined)

/** Per million tokens. */
const rates = { input: usd, output: usd, cache_read: usd, cache_write: usd, cache_write_1h: usd }

/** A tier of context prices: it applies to prompts of more tokens than `size`. */
const tier = z.object({ type: z.string().optional(), size: z.number().int().positive() })

const model = z.object({
  name: z.string().optional().catch(undefined),
  reasoning: flag,
  structured_output: flag,
  release_date: z.string().optional().catch(undefined),
  status: z.string().optional().catch(undefined),
  modalities: z.object({ input: kinds, output: kinds }).optional().catch(undefined),
  limit: z.object({ context: count, input: count, output: count }).optional().catch(undefined),
  cost: z
    .object({
      ...rates,
      tiers: z
        .array(z.object({ ...rates, tier }))
        .optional()
        .catch(undefined),
      context_over_200k: z.object(rates).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
})
type DevModel = z.infer<typeof model>

const provider = z.object({
  api: z.string().optional().catch(undefined),
  env: z.array(z.string()).catch([]),
  models: z.record(z.string(), model),
})

const document = z.record(z.string(), provider)

/** The models.dev document: providers by id, each with its models. */
export type ModelsDev = z.infer<typeof document>

/** Fetches models.dev. Throws a UserError if it is unavailable or has another shape. */
export async function fetchModelsDev(url: string, timeoutMs?: number): Promise<ModelsDev> {
  const parsed = document.safeParse(await fetchJson(url, {}, timeoutMs))
  if (!parsed.success) {
    throw new UserError(`${url} is not a model list in the format of models.dev`)
  }
  return parsed.data
}

/** What identifies a provider of the catalog at models.dev. */
export interface ProviderTraits {
  /** The names of the provider and its preset. */
  names: readonly string[]
  baseUrl: string
  secrets: readonly string[]
}

/** Finds a provider by its name, host or secret, in this order; undefined for a self-hosted server. */
export function findDevProvider(
  providers: ModelsDev,
  { names, baseUrl, secrets }: ProviderTraits,
): string | undefined {
  const named = names.find((name) => Object.hasOwn(providers, name))
  const host = URL.parse(baseUrl)?.host
  const all = Object.entries(providers)
  const found =
    all.find(([, { api }]) => api !== undefined && URL.parse(api)?.host === host) ??
    all.find(([, { env }]) => env.some((secret) => secrets.includes(secret)))
  return named ?? found?.[0]
}

/** Reads the facts about a provider's models. */
export function readDevModels(providers: ModelsDev, name: string): ModelFacts[] {
  return Object.entries(providers[name]?.models ?? {}).map(([id, entry]) => toFacts(id, entry))
}

function toFacts(id: string, entry: DevModel): ModelFacts {
  const { limit, modalities, cost } = entry
  const { input, output } = modalities ?? {}
  return {
    model: id,
    displayName: entry.name,
    createdAt: toTimestamp(entry.release_date),
    maxInputTokens: limit?.input ?? limit?.context,
    maxOutputTokens: limit?.output,
    capabilities: {
      ...(input === undefined
        ? {}
        : { image_input: input.includes('image'), pdf_input: input.includes('pdf') }),
      ...(entry.reasoning === undefined ? {} : { thinking: entry.reasoning }),
      ...(entry.structured_output === undefined
        ? {}
        : { structured_outputs: entry.structured_output }),
    },
    price: toPrice(cost),
    chats: output?.includes('text'),
    isRetired: entry.status === 'deprecated' ? true : undefined,
  }
}

function toPrice(cost: DevModel['cost']): ModelFacts['price'] {
  const base = toRates(cost)
  if (cost === undefined || base === undefined) {
    return undefined
  }
  const listed = (cost.tiers ?? []).filter(
    ({ tier: { type } }) => (type ?? 'context') === 'context',
  )
  const older = cost.context_over_200k
  const all =
    listed.length === 0 && older !== undefined ? [{ ...older, tier: { size: 200_000 } }] : listed
  const tiers = all.flatMap(({ tier: { size }, ...of }) => {
    const found = toRates(of)
    return found === undefined ? [] : [{ above_input_tokens: size, ...found }]
  })
  return tiers.length === 0 ? base : { ...base, tiers }
}

type Rates = { [Name in keyof typeof rates]?: number | undefined }

/** Rates of the catalog; undefined if input or output is missing. */
function toRates(cost: Rates | undefined) {
  if (cost?.input === undefined || cost.output === undefined) {
    return undefined
  }
  const { input, output, cache_read, cache_write, cache_write_1h } = cost
  return {
    input,
    output,
    ...defined({ cache_read, cache_write, cache_write_1h }),
  }
}

/** Converts a date, `2026-03-01` or `2026-03`, to ISO 8601. */
function toTimestamp(date: string | undefined): string | undefined {
  const at = date === undefined || !/^\d{4}-\d{2}/.test(date) ? undefined : new Date(date)
  return at === undefined || Number.isNaN(at.getTime())
    ? undefined
    : at.toISOString().replace('.000Z', 'Z')
}
