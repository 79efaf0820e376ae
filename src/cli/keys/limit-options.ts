/** How limits are written on the command line. */
import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'

import type { LimitsPatch, RatesPatch } from '../../keys/limits-patch.ts'
import { periods } from '../../keys/limits.ts'

type Rate = keyof RatesPatch

type PeriodBudget = NonNullable<LimitsPatch['budgets']>[number]

/** `''` is the key as a whole, all else a model or wildcard; null takes a limit away. */
type Amounts = Record<string, number | null>

export interface LimitOptions extends Partial<Record<Rate, Amounts>> {
  countTokensRpm?: number | null
  budget?: PeriodBudget[]
  strict?: boolean
  onLedgerFailure?: 'allow' | 'deny'
}

const rates: Record<Rate, string> = {
  rpm: 'requests a minute',
  itpm: 'input tokens a minute',
  otpm: 'output tokens a minute',
  concurrency: 'requests at once',
}

/** Adds every option; `none` takes a limit away. */
export function addLimits(command: Command): Command {
  for (const [name, what] of Object.entries(rates)) {
    command.option(
      `--${name} <limit>`,
      `${what}: N, or MODEL=N for a model or wildcard; may be repeated`,
      addAmount,
    )
  }
  return command
    .option(
      '--count-tokens-rpm <limit>',
      'counts of tokens a minute; as --rpm by default',
      toAmount,
    )
    .option(
      '--budget <usd/period>',
      `such as 5/day: ${periods.join(', ')}; may be repeated`,
      addBudget,
    )
    .option('--strict', 'ask the ledger for every request, so that revoking is immediate')
    .option('--no-strict', 'leave off')
    .addOption(
      new Option(
        '--on-ledger-failure <what>',
        'while the ledger cannot be asked: allow (default), deny (default with budgets, strict)',
      ).choices(['allow', 'deny']),
    )
}

/** What the options say, and nothing of what they do not. */
export function toLimitsPatch(options: LimitOptions): LimitsPatch {
  const { countTokensRpm, budget, strict, onLedgerFailure } = options
  const patch: LimitsPatch = {}
  const models: Record<string, RatesPatch> = {}
  for (const name of ['rpm', 'itpm', 'otpm', 'concurrency'] as const) {
    for (const [scope, amount] of Object.entries(options[name] ?? {})) {
      const target = scope === '' ? patch : (models[scope] ??= {})
      target[name] = amount
    }
  }
  return {
    ...patch,
    ...(Object.keys(models).length === 0 ? {} : { models }),
    ...(countTokensRpm === undefined ? {} : { count_tokens_rpm: countTokensRpm }),
    ...(budget === undefined ? {} : { budgets: budget }),
    ...(strict === undefined ? {} : { strict: strict ? true : null }),
    ...(onLedgerFailure === undefined ? {} : { on_ledger_failure: onLedgerFailure }),
  }
}

/** `50`, `none`, `claude-opus-*=10`; repeated options add up. */
export function addAmount(text: string, before: Amounts | undefined): Amounts {
  const at = text.lastIndexOf('=')
  const scope = at === -1 ? '' : text.slice(0, at)
  return { ...before, [scope]: toAmount(text.slice(at + 1)) }
}

function toAmount(text: string): number | null {
  if (text === 'none') {
    return null
  }
  if (!/^[1-9]\d{0,11}$/.test(text)) {
    throw new InvalidArgumentError('must be a whole number from 1, or none.')
  }
  return Number(text)
}

/** `5/day`, `0.50/month`, `none/week`; repeated options add up. */
export function addBudget(text: string, before: PeriodBudget[] | undefined): PeriodBudget[] {
  const [, usd = '', name] = /^\$?(none|\d+(?:\.\d+)?)\/(\w+)$/.exec(text) ?? []
  const period = periods.find((known) => known === name)
  if (period === undefined || (usd !== 'none' && !(Number(usd) > 0))) {
    throw new InvalidArgumentError(`must be USD/PERIOD, such as 5/day: ${periods.join(', ')}.`)
  }
  return [...(before ?? []), { usd: usd === 'none' ? null : Number(usd), period }]
}
