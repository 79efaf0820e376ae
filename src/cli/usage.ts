/** `npm run usage -- …`: who used how much, and what it cost. */
import { Command, Option } from 'commander'

import { toDate, toDuration } from './keys/key-options.ts'
import type { GatewayOptions } from './keys/key-place.ts'
import { addGateway, toGateway } from './keys/key-place.ts'
import { defaultState } from './platform/local-state.ts'
import { runToEnd, UserError } from './platform/stop.ts'
import { readLocalUsage, readRemoteUsage } from './usage/usage-source.ts'
import type { Dimension } from './usage/usage-table.ts'
import { dimensions, toUsageCsv, toUsageTable } from './usage/usage-table.ts'

interface Options extends GatewayOptions {
  by: Dimension
  since: string
  until?: string
  state: string
  csv?: boolean
}

const program = new Command('npm run usage --')
  .description("Adds up what keys used, of a local gateway's ledgers or of one by HTTP.")
  .addOption(new Option('--by <what>', 'one line for each').choices(dimensions).default('key'))
  .option('--since <when>', 'a date (2026-11-01), or how far back: 24h, 7d, 4w', '30d')
  .option('--until <date>', 'until now by default')
  .addOption(
    new Option('--state <dir>', "the local gateway's state, as for npm start").default(
      defaultState,
      '.gateway',
    ),
  )
  .option('--csv', 'print CSV')
addGateway(program).action((options: Options) => runToEnd(() => print(options)))

await program.parseAsync()

async function print(options: Options): Promise<void> {
  const now = new Date()
  const range = {
    since: toTime(options.since, now),
    until: options.until === undefined ? now : toTime(options.until, now),
  }
  const gateway = toGateway(options)
  const usage =
    gateway === undefined
      ? await readLocalUsage(options.state, range)
      : await readRemoteUsage(gateway, range)
  console.log((options.csv === true ? toUsageCsv : toUsageTable)(usage, options.by))
}

function toTime(text: string, now: Date): Date {
  const span = toDuration(text)
  const date = span === undefined ? toDate(text) : new Date(now.getTime() - span)
  if (Number.isNaN(date.getTime())) {
    throw new UserError(`${text} is no time: give a date such as 2026-11-01, or 24h, 7d, 4w.`)
  }
  return date
}
