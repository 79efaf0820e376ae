/** Values as pages show them: numbers, money, times, states. */
import type { BudgetView } from '../../../ledger/usage/standing.ts'

const integers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })
const size = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })
const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })
const cents = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  maximumSignificantDigits: 2,
})

/** Formats a count, from 100,000 on as `123K`. */
export function formatCount(count: number): string {
  return count >= 100_000 ? compact.format(count) : integers.format(count)
}

/** A size in units of 1000 bytes. */
export function formatBytes(bytes: number): string {
  const power = Math.min(3, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  return `${size.format(bytes / 1000 ** power)} ${['B', 'kB', 'MB', 'GB'][power]}`
}

/** An amount in dollars; a small one with two digits that count. */
export function formatUsd(usd: number): string {
  return usd !== 0 && Math.abs(usd) < 0.01 ? cents.format(usd) : dollars.format(usd)
}

interface TimeProps {
  at: string | null | undefined
  /** Whether only the day is shown, with the time in the title: for tables of many columns. */
  isDay?: boolean
}

/** A time in UTC, which a script turns into the browser's own; a dash for none. */
export function Time({ at, isDay = false }: TimeProps) {
  if (at === null || at === undefined) {
    return <span class="muted">–</span>
  }
  const utc = `${at.slice(0, 16).replace('T', ' ')} UTC`
  return (
    <time datetime={at} title={utc} data-day={isDay ? '' : undefined}>
      {isDay ? at.slice(0, 10) : utc}
    </time>
  )
}

/** The words and colors of states. */
const states: Readonly<Record<string, readonly [label: string, tone: string]>> = {
  active: ['active', 'good'],
  inactive: ['disabled', 'warn'],
  disabled: ['disabled', 'warn'],
  archived: ['revoked', 'bad'],
  revoked: ['revoked', 'bad'],
  deleted: ['deleted', 'bad'],
  expired: ['expired', 'bad'],
  ok: ['ok', 'good'],
  degraded: ['degraded', 'warn'],
  unavailable: ['unavailable', 'bad'],
  deprecated: ['deprecated', 'warn'],
  retired: ['retired', 'bad'],
  in_progress: ['in progress', 'warn'],
  canceling: ['canceling', 'warn'],
  ended: ['ended', 'good'],
}

/** The state of a key, group or batch as a colored word. */
export function Badge({ state }: { state: string }) {
  const [label, tone] = states[state] ?? [state, '']
  return <span class={`badge ${tone}`}>{label}</span>
}

/** The share of a budget that is used, as a bar with its numbers. */
export function Budget({ budget }: { budget: BudgetView }) {
  const {
    period,
    model,
    limit_usd: limit,
    spent_usd: spent,
    held_usd: held,
    left_usd: remaining,
  } = budget
  const share = limit === 0 ? 1 : Math.min(1, spent / limit)
  const tone = share >= 0.95 ? 'bad' : share >= 0.75 ? 'warn' : 'good'
  const name = `${period}${model === null ? '' : `, ${model}`}`
  return (
    <div class="budget">
      <div class="row">
        <span>{name}</span>
        <span>
          <strong>{formatUsd(spent)}</strong> of {formatUsd(limit)}
        </span>
      </div>
      <Bar share={share} tone={tone} label={`${name}: ${Math.round(share * 100)} % spent`} />
      <div class="row muted small">
        <span>
          {formatUsd(remaining)} left{held > 0 ? `, ${formatUsd(held)} held by open requests` : ''}
        </span>
        <span>
          {budget.resets_at === null ? (
            'does not reset'
          ) : (
            <>
              resets <Time at={budget.resets_at} />
            </>
          )}
        </span>
      </div>
    </div>
  )
}

/** A bar of which `share`, from 0 to 1, is filled. */
export function Bar({ share, tone, label }: { share: number; tone: string; label: string }) {
  return (
    <svg class={`bar ${tone}`} role="img" aria-label={label} width="100%" height="6">
      <rect class="track" width="100%" height="6" rx="3" />
      <rect class="fill" width={`${(share * 100).toFixed(1)}%`} height="6" rx="3" />
    </svg>
  )
}

/** Budgets of a table's cell, the tightest first, in few words. */
export function BudgetCell({ budgets }: { budgets: readonly BudgetView[] }) {
  const [tightest] = budgets.toSorted(
    (a, b) => b.spent_usd / b.limit_usd - a.spent_usd / a.limit_usd,
  )
  if (tightest === undefined) {
    return <span class="muted">no budget</span>
  }
  const { spent_usd: spent, limit_usd: limit, period } = tightest
  const share = limit === 0 ? 1 : Math.min(1, spent / limit)
  const tone = share >= 0.95 ? 'bad' : share >= 0.75 ? 'warn' : 'good'
  return (
    <div class="cell-budget">
      <span>
        {formatUsd(spent)} of {formatUsd(limit)} / {period}
      </span>
      <Bar share={share} tone={tone} label={`${Math.round(share * 100)} % spent`} />
    </div>
  )
}
