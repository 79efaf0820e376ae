/** `npm run usage -- …`: reports usage and cost. */
import { Option } from 'commander'

import type { GatewayOptions } from './keys/access/key-source.ts'
import { addGatewayOptions, toGateway } from './keys/access/key-source.ts'
import { toDuration } from './keys/options/key-options.ts'
import { toDate } from './keys/options/limit-options.ts'
import { addStateOption } from './platform/kv-location.ts'
import { createProgram, runProgram, UsageError } from './platform/run-command.ts'
import type { Dimension } from './usage/dimensions.ts'
import { dimensions, toDimensions } from './usage/dimensions.ts'
import type { Usage } from './usage/usage-source.ts'
import {
  readLocalSessions,
  readLocalUsage,
  readRemoteSessions,
  readRemoteUsage,
} from './usage/usage-source.ts'
import { toUsageCsv, toUsageJson, toUsageTable } from './usage/usage-table.ts'

interface Options extends GatewayOptions {
  by: Dimension[]
  since: string
  until?: string
  state: string
  csv?: boolean
  json?: boolean
}

const program = createProgram(
  'npm run usage --',
  "Sums the usage of keys, from a local gateway's ledgers or a gateway's Admin API.",
)
  .addOption(
    new Option(
      '--by <dimensions>',
      `what to sum by, one or more separated by commas: ${dimensions.join(', ')}`,
    )
      .argParser(toDimensions)
      .default(['key'], 'key'),
  )
  .option('--since <when>', 'a date (2026-11-01), or a duration before now: 24h, 7d, 4w', '30d')
  .option('--until <date>', 'a date, or a duration before now (default: now)')
  .addOption(new Option('--csv', 'print CSV').conflicts('json'))
  .option('--json', 'print JSON, for scripts')
addGatewayOptions(addStateOption(program)).action(print)

await runProgram(program)

async function print(options: Options): Promise<void> {
  const now = new Date()
  const range = {
    since: toTime(options.since, now),
    until: options.until === undefined ? now : toTime(options.until, now),
  }
  const gateway = toGateway(options)
  const { by, state } = options
  const read = by.includes('session')
    ? { local: readLocalSessions, remote: readRemoteSessions }
    : { local: readLocalUsage, remote: readRemoteUsage }
  const usage = await (gateway === undefined
    ? read.local(state, range)
    : read.remote(gateway, range))
  console.log(toOutput(options)(usage, by))
}

function toOutput({ csv, json }: Options): (usage: Usage, by: readonly Dimension[]) => string {
  if (json === true) {
    return toUsageJson
  }
  return csv === true ? toUsageCsv : toUsageTable
}

function toTime(text: string, now: Date): Date {
  const span = toDuration(text)
  const date = span === undefined ? toDate(text) : new Date(now.getTime() - span)
  if (Number.isNaN(date.getTime())) {
    throw new UsageError(
      `${text} is not a valid time; use a date such as 2026-11-01, or a duration such as 24h, 7d or 4w.`,
    )
  }
  return date
}
