/** `npm run conformance -- --model ID`: drives a model of any Anthropic-compatible endpoint through the published checks. */
import { readFile, writeFile } from 'node:fs/promises'

import { InvalidArgumentError, Option } from 'commander'

import type { Check } from './conformance/check.ts'
import { checks, subjects } from './conformance/checks/index.ts'
import { toComparison } from './conformance/compare.ts'
import type { Rates } from './conformance/estimate.ts'
import {
  describeEstimate,
  estimateTokens,
  findRates,
  parseRates,
  toUsd,
} from './conformance/estimate.ts'
import { withLocalGateway } from './conformance/local-gateway.ts'
import type { Report } from './conformance/report.ts'
import { describeCounts, toReport } from './conformance/report.ts'
import type { CheckResult } from './conformance/run-checks.ts'
import { runChecks } from './conformance/run-checks.ts'
import { serveUpstream } from './conformance/upstream/serve-upstream.ts'
import { readKey } from './keys/access/key-source.ts'
import { confirm } from './platform/confirm.ts'
import { createProgram, runProgram, UsageError, UserError } from './platform/run-command.ts'
import { toTable } from './platform/table.ts'

interface Options {
  model?: string
  url?: string
  key?: string
  catalog?: string
  only?: string
  json?: string
  name?: string
  price?: string
  maxCost?: number
  concurrency: number
  timeout: number
  faults?: true
  list?: true
  yes?: true
}

const program = createProgram(
  'npm run conformance --',
  'Drives a model of an Anthropic-compatible endpoint through the published list of checks.',
)
  .option('--model <id>', 'the model to check')
  .option(
    '--url <url>',
    'the endpoint, without /v1 (default: npm start, for the duration of the run)',
  )
  .addOption(
    new Option(
      '--key <key>',
      'the key for --url; - reads it from standard input, which keeps it out of logs',
    ).env('GATEWAY_KEY'),
  )
  .option('--catalog <file>', 'without --url: the catalog that npm start serves')
  .option('--only <list>', 'subjects or checks, separated by commas: text,calls.parallel')
  .option('--list', 'print the list of checks and exit')
  .option('--json <file>', 'write the report to a file as JSON')
  .option('--name <name>', 'the name of the endpoint in the report and in comparisons')
  .option('--price <in/out>', 'USD per million tokens (default: the price in catalog.json)')
  .option('--max-cost <usd>', 'do not start, or stop, if the cost exceeds this', toNumber)
  .option('--concurrency <number>', 'checks at a time', toNumber, 4)
  .option('--timeout <seconds>', 'seconds that a request may take', toNumber, 120)
  .option(
    '--faults',
    'the upstream is the scripted one (conformance -- upstream), which fails on request',
  )
  .option('--yes', 'begin without asking')
  .action(conformance)

program
  .command('upstream')
  .description('serves the scripted upstream on 127.0.0.1, for a gateway under test')
  .option('--port <number>', 'the port; 0 chooses a free one', toNumber, 8790)
  .action(async ({ port }: { port: number }) => {
    console.log(`The scripted upstream is ready at ${await serveUpstream(port)}/v1`)
  })

program
  .command('compare')
  .description('prints tables that compare reports, as Markdown')
  .argument('<reports...>', 'files that --json wrote')
  .action(async (files: string[]) => {
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
    console.log(toComparison(texts.map((text): Report => JSON.parse(text))))
  })

await runProgram(program)

async function conformance(options: Options): Promise<void> {
  const chosen = chooseChecks(options.only)
  if (options.list === true) {
    console.log(
      toTable(
        ['check', 'the endpoint …'],
        chosen.map(({ id, title }) => [id, title]),
      ),
    )
    return
  }
  const { model, url, key } = options
  if (model === undefined) {
    throw new UsageError('--model is required.')
  }
  if (!(await mayBegin(chosen, model, options))) {
    return
  }
  if (url !== undefined) {
    if (key === undefined) {
      throw new UsageError('--url requires a key: set --key or GATEWAY_KEY.')
    }
    await runAndReport(chosen, model, options, { url, key: readKey(key) })
    return
  }
  const start = options.catalog === undefined ? [] : ['--catalog', options.catalog]
  await withLocalGateway(start, (gateway) => runAndReport(chosen, model, options, gateway))
}

/** The checks of `--only`, all by default. Throws a UsageError for a name that does not exist. */
function chooseChecks(only: string | undefined): readonly Check[] {
  if (only === undefined) {
    return checks
  }
  const names = only.split(',').map((name) => name.trim())
  const known = new Set([...subjects.map(({ name }) => name), ...checks.map(({ id }) => id)])
  const unknown = names.filter((name) => !known.has(name))
  if (unknown.length > 0) {
    throw new UsageError(`Unknown check ${unknown.join(', ')}. --list prints all.`)
  }
  return checks.filter(({ id }) => names.some((name) => id === name || id.startsWith(`${name}.`)))
}

/** Prints what the run will use, and asks. */
async function mayBegin(
  chosen: readonly Check[],
  model: string,
  { price, maxCost, yes }: Options,
): Promise<boolean> {
  const rates = await toRates(model, price)
  console.error(describeEstimate(chosen, model, rates))
  if (maxCost !== undefined && rates === undefined) {
    throw new UsageError('--max-cost requires a price: set --price IN/OUT.')
  }
  if (maxCost !== undefined && rates && toUsd(estimateTokens(chosen), rates) > maxCost) {
    throw new UserError('That exceeds --max-cost. Select fewer checks with --only.')
  }
  if (yes !== true && !process.stdin.isTTY) {
    throw new UsageError('Nothing was sent. Use --yes to start without a terminal.')
  }
  return yes === true || confirm('Begin?')
}

function toRates(model: string, price: string | undefined): Promise<Rates | undefined> {
  return price === undefined ? findRates(model) : Promise.resolve(parseRates(price))
}

async function runAndReport(
  chosen: readonly Check[],
  model: string,
  options: Options,
  { url, key }: { url: string; key: string },
): Promise<void> {
  const { maxCost = Infinity, json, timeout, concurrency, faults, price } = options
  const rates = (await toRates(model, price)) ?? { input: 0, output: 0 }
  const results = await runChecks(chosen, {
    access: {
      url: url.endsWith('/') ? url.slice(0, -1) : url,
      key,
      model,
      timeoutMs: timeout * 1000,
      fetch,
    },
    faults: faults === true,
    concurrency,
    mayGoOn: (used) => toUsd(used, rates) <= maxCost,
    onResult: ({ id, status }) => process.stderr.isTTY && console.error(`${status} ${id}`),
    now: () => performance.now(),
  })
  const date = new Date().toISOString()
  const report = toReport({ date, name: options.name ?? new URL(url).host, model }, results)
  console.log(toResultTable(results))
  console.log(summarize(report, rates))
  if (json !== undefined) {
    await writeFile(json, `${JSON.stringify(report, null, 2)}\n`)
  }
  if (report.counts.failed > 0) {
    throw new UserError(`${report.counts.failed} checks failed.`)
  }
}

function toResultTable(results: readonly CheckResult[]): string {
  const rows = results.map(({ id, status, title, note }) => [
    id,
    status,
    note === '' ? title : `${title}: ${note}`,
  ])
  return toTable(['check', 'result', 'the endpoint …'], rows)
}

function summarize(report: Report, rates: Rates): string {
  const { score, counts, requests, tokens } = report
  return [
    `\nScore ${score} %: ${describeCounts(counts)}.`,
    `${requests} requests, ${tokens.input} input and ${tokens.output} output tokens, $${toUsd(tokens, rates).toFixed(4)}.`,
  ].join('\n')
}

function toNumber(text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number) || number < 0) {
    throw new InvalidArgumentError('must be a number of 0 or more.')
  }
  return number
}
