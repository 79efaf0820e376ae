/** Chooses the model for clients' Anthropic model names that the operator has not assigned. */
import type { CatalogModel } from '../../catalog/schema/model.ts'

/** Agents fill a smaller context window within a few turns. */
const minContext = 64_000

/** USD per million output tokens; what costs more is a research model, not one for daily work. */
const maxOutputPrice = 40

/**
 * Returns the most capable model of a list for agents, or undefined for an empty list. Capability
 * is not published in a comparable form, so that it is inferred: a large context window, then the
 * price of output up to {@link maxOutputPrice} (within a vendor's range, price follows capability),
 * then the number of parameters in the name (`qwen3:32b`), then the release date.
 */
export function bestModel(models: readonly CatalogModel[]): CatalogModel | undefined {
  return models.toSorted((a, b) => compare(rank(b), rank(a)))[0]
}

function rank({ id, max_input_tokens, price, created_at }: CatalogModel): number[] {
  const output = price?.output ?? 0
  return [
    (max_input_tokens ?? minContext) >= minContext ? 1 : 0,
    output > maxOutputPrice ? 0 : output,
    parameters(id),
    created_at === undefined ? 0 : Date.parse(created_at),
  ]
}

/** The parameters in billions, if the name has them; otherwise 0. */
function parameters(id: string): number {
  const [, billions] = /(?:^|[^a-z0-9.])(\d{1,4}(?:\.\d{1,2})?)b(?:[^a-z0-9]|$)/i.exec(id) ?? []
  return Number(billions ?? 0)
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index])
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}
