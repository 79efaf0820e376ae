/** `npm run setup`: from a clone to a gateway in the account that a team can use. */
import { writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

import { InvalidArgumentError } from 'commander'

import { defaultCatalogFile } from './catalog/catalog-file.ts'
import { readSecrets } from './catalog/local-secrets.ts'
import { modelsDevUrl } from './catalog/models-dev.ts'
import { defaultState } from './platform/local-state.ts'
import { createProgram, runProgram, UserError } from './platform/run-command.ts'
import { importWrangler, projectRoot, runWrangler } from './platform/wrangler.ts'
import type { FirstKeys } from './setup/first-keys.ts'
import { createQuestions } from './setup/questions.ts'
import { setUp } from './setup/set-up.ts'
import { runSmokeTest } from './smoke/smoke-test.ts'

interface Options {
  yes?: true
  url?: string
  catalog: string
  replaceCatalog?: true
  keysFile?: string
  smoke: boolean
  modelsDev: string
  state: string
}

/** How long a new address may take to respond, in milliseconds: its certificate is made meanwhile. */
const readyWithinMs = 120_000

const program = createProgram(
  'npm run setup --',
  'Deploys the gateway to your Cloudflare account, sets secrets, writes a catalog, creates the first keys, and tests it. It can be run again at any time.',
)
  .option('--yes', 'ask no questions, as in CI: use the secrets of the environment and .dev.vars')
  .option(
    '--url <url>',
    'the address that clients use, if wrangler.toml does not name it',
    toOrigin,
  )
  .option('--catalog <file>', 'the catalog that models are added to', defaultCatalogFile)
  .option('--replace-catalog', 'replace the catalog in KV even if somebody has changed it')
  .option('--keys-file <file>', 'write new keys to this file as JSON instead of printing them')
  .option('--no-smoke', 'do not send requests to the gateway')
  .option('--models-dev <url>', 'where limits and prices are looked up', modelsDevUrl)
  .option('--state <dir>', 'directory of the local state', defaultState)
  .action(run)

await runProgram(program)

function toOrigin(text: string): string {
  const url = URL.parse(text)
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new InvalidArgumentError('must be a URL such as https://llm.example.com.')
  }
  return url.origin
}

async function run(options: Options): Promise<void> {
  const questions = options.yes === true ? undefined : await askInTerminal()
  const [findSecret, isBound] = await Promise.all([readSecrets(), readBindings()])
  await setUp(
    {
      ...options,
      url: options.url,
      replaceCatalog: options.replaceCatalog === true,
      smokeKey: process.env['GATEWAY_KEY'] || undefined,
    },
    {
      run: runWrangler,
      questions,
      findSecret,
      isBound,
      print: (text) => console.log(text),
      smokeTest: runSmokeTest,
      waitUntilReady,
      showKeys: (keys, url) => showKeys(keys, url, options.keysFile),
      now: () => new Date(),
    },
  )
}

async function askInTerminal() {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UserError('The setup asks questions in a terminal. Use --yes where there is none.')
  }
  return createQuestions()
}

/** Returns whether wrangler.toml has a binding to models. */
async function readBindings(): Promise<(binding: string) => boolean> {
  const { unstable_readConfig: readConfig } = await importWrangler()
  const { ai } = readConfig({ config: `${projectRoot}/wrangler.toml` })
  return (binding) => ai?.binding === binding
}

async function showKeys(keys: FirstKeys, url: string, file: string | undefined): Promise<boolean> {
  const made = Object.entries(keys)
  if (made.length > 0 && file !== undefined) {
    await writeFile(file, `${JSON.stringify({ url, ...keys }, null, 2)}\n`, { mode: 0o600 })
    console.log(`New keys are in ${file}.`)
    return false
  }
  if (made.length > 0) {
    const lines = made.map(([name, key]) => `  ${name.padEnd(5)}  ${key}`)
    console.log([...lines, 'Store these keys now: they are not shown again.'].join('\n'))
  }
  return true
}

async function waitUntilReady(url: string): Promise<void> {
  const until = Date.now() + readyWithinMs
  for (;;) {
    const status = await fetch(`${url}/health`).then(
      async (response) => `status ${response.status}: ${(await response.text()).slice(0, 300)}`,
      (error: unknown) => String(error instanceof Error ? (error.cause ?? error) : error),
    )
    if (status.startsWith('status 200')) {
      return
    }
    if (Date.now() > until) {
      throw new UserError(`${url}/health does not respond as it should (${status}).`)
    }
    await wait(2000)
  }
}
