/** How the fields of a key are written on the command line. */
import { InvalidArgumentError } from 'commander'

import type { KeyFields } from '../keys/store.ts'
import { UserError } from './stop.ts'

export interface KeyOptions {
  name: string
  expires?: string
  models?: string[]
  scopes?: string[]
  metadata?: Record<string, string>
}

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** The fields of a key; what was not given gets its default. Throws a UserError. */
export function toKeyFields(options: KeyOptions, now: Date): KeyFields {
  const { name, expires, models, scopes, metadata } = options
  if (name === '' || name.length > 100) {
    throw new UserError('--name must have 1 to 100 characters.')
  }
  return {
    name,
    expires_at: expires === undefined ? null : toExpiry(expires, now).toISOString(),
    models: models ?? ['*'],
    scopes: scopes ?? ['inference'],
    limits: {},
    metadata: metadata ?? {},
  }
}

/** `90m`, `12h`, `30d`, `2w` from now, or a date in ISO 8601. Throws a UserError for what is neither, or past. */
export function toExpiry(text: string, now: Date): Date {
  const [, amount, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? []
  const isDate = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?$/.test(text)
  const date =
    amount === undefined
      ? new Date(isDate ? text : Number.NaN)
      : new Date(now.getTime() + Number(amount) * unitMs[toUnit(unit)])
  if (Number.isNaN(date.getTime())) {
    throw new UserError(
      `--expires ${text}: give a time from now such as 12h, 30d or 2w, or a date such as 2027-01-31.`,
    )
  }
  if (date <= now) {
    throw new UserError(`--expires ${text}: that is past.`)
  }
  return date
}

function toUnit(text: string | undefined): keyof typeof unitMs {
  return text === 'm' || text === 'h' || text === 'd' ? text : 'w'
}

/** `a,b` and repeated options add up. */
export function addList(text: string, before: string[] | undefined): string[] {
  const names = text.split(',').map((name) => name.trim())
  return [...(before ?? []), ...names.filter((name) => name !== '')]
}

/** `team=search`; repeated options add up. */
export function addPair(
  text: string,
  before: Record<string, string> | undefined,
): Record<string, string> {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (key === undefined || value === undefined) {
    throw new InvalidArgumentError('must be written NAME=VALUE.')
  }
  return { ...before, [key]: value }
}
