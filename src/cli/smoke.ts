/** `npm run smoke -- --url URL --key KEY`: tests a deployed gateway with the official SDK. */
import { Option } from 'commander'

import { readKey } from './keys/access/key-source.ts'
import { createProgram, runProgram } from './platform/run-command.ts'
import { runSmokeTest } from './smoke/smoke-test.ts'

interface Options {
  url: string
  key: string
  model?: string
}

const program = createProgram(
  'npm run smoke --',
  'Tests a gateway with the official SDK and prints a line for each check.',
)
  .requiredOption('--url <url>', 'the origin of the gateway, without /v1')
  .addOption(
    new Option('--key <key>', 'a key of the gateway; - reads it from standard input')
      .env('GATEWAY_KEY')
      .makeOptionMandatory(),
  )
  .option('--model <model>', 'the model to use (default: the first listed)')
  .action(({ url, key, model }: Options) => runSmokeTest({ url, key: readKey(key), model }))

await runProgram(program)
