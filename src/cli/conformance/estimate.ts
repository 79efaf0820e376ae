/** What a run will use and cost, before it begins. */
import { findModel } from '../../catalog/resolve/resolve.ts'
import { defaultCatalogFile, readCatalogFile } from '../catalog/catalog-file.ts'
import { UsageError } from '../platform/run-command.ts'
import type { Check } from './check.ts'
import type { Tokens } from './finding.ts'

/** USD per million tokens. */
export interface Rates {
  input: number
  output: number
}

/** The tokens of checks, as far as they are known beforehand: models that think use more. */
export function estimateTokens(checks: readonly Check[]): Tokens {
  return {
    input: checks.reduce((total, { tokens }) => total + tokens.input, 0),
    output: checks.reduce((total, { tokens }) => total + tokens.output, 0),
  }
}

/** USD for tokens. */
export function toUsd({ input, output }: Tokens, rates: Rates): number {
  return (input * rates.input + output * rates.output) / 1_000_000
}

/** Reads `--price 3/15`. Throws a UsageError. */
export function parseRates(text: string): Rates {
  const [, input, output] = /^(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/.exec(text) ?? []
  if (input === undefined || output === undefined) {
    throw new UsageError('--price must be USD per million input and output tokens, such as 3/15.')
  }
  return { input: Number(input), output: Number(output) }
}

/** The price of a model in the catalog of this checkout; undefined if it has none. */
export async function findRates(model: string): Promise<Rates | undefined> {
  const { catalog } = await readCatalogFile(defaultCatalogFile)
  const price = findModel(catalog, model)?.model.price
  return price === undefined ? undefined : { input: price.input, output: price.output }
}

/** A sentence with the estimate. */
export function describeEstimate(
  checks: readonly Check[],
  model: string,
  rates: Rates | undefined,
): string {
  const { input, output } = estimateTokens(checks)
  const cost =
    rates === undefined
      ? 'its price is unknown: set --price IN/OUT'
      : `about $${toUsd({ input, output }, rates).toFixed(4)}`
  return `${checks.length} checks of ${model}: about ${input} input and ${output} output tokens, ${cost}.`
}
