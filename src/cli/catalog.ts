/** `npm run catalog -- …`: which models there are, and who serves them. */
import { writeFile } from 'node:fs/promises'

import { Command } from 'commander'

import { catalogEntry } from '../catalog/load.ts'
import type { Catalog } from '../catalog/schema.ts'
import { toUpstream } from '../catalog/upstream.ts'
import {
  defaultCatalogFile,
  listedIds,
  readCatalogFile,
  registries,
} from './catalog/catalog-file.ts'
import type { DiscoverOptions } from './catalog/discover.ts'
import { discover } from './catalog/discover.ts'
import { modelsDevUrl } from './catalog/models-dev.ts'
import type { Place } from './platform/kv.ts'
import { addPlace, withKv } from './platform/kv.ts'
import { runToEnd, UserError } from './platform/stop.ts'

const program = new Command('npm run catalog --').description(
  'Checks the catalogue, and moves it to and from KV.',
)

program
  .command('check')
  .description('say what is wrong with a catalogue; exit 1 where anything is')
  .option('--file <file>', 'the catalogue', defaultCatalogFile)
  .action((options: { file: string }) => runToEnd(() => check(options.file)))

addPlace(program.command('push'))
  .description('check a catalogue and write it to KV; a wrong one never gets there')
  .option('--file <file>', 'the catalogue', defaultCatalogFile)
  .action((options: Place & { file: string }) => runToEnd(() => push(options)))

addPlace(program.command('pull'))
  .description('read the catalogue that is in KV')
  .option('--file <file>', 'write it there instead of printing it')
  .action((options: Place & { file?: string }) => runToEnd(() => pull(options)))

program
  .command('discover')
  .description(
    'ask a provider, and models.dev, which models there are, and propose entries for them',
  )
  .argument('<provider>', 'its name in the catalogue, or a preset')
  .option('--file <file>', 'the catalogue', defaultCatalogFile)
  .option('--match <names>', 'only these models, with * as wildcard', '*')
  .option('--models-dev <url>', 'the public catalogue of models', modelsDevUrl)
  .option('--no-models-dev', 'do not ask it')
  .option('--as <name>', "the provider's name there, where it is not found")
  .option('--write', 'write what is new into the file')
  .option('--update', 'with --write: also change values that differ')
  .option('--json', 'one line of JSON')
  .action((provider: string, options: DiscoverOptions) =>
    runToEnd(() => discover(provider, options)),
  )

await program.parseAsync()

async function check(file: string): Promise<void> {
  const { catalog } = await readCatalogFile(file)
  console.log(`${file} is valid: ${describe(catalog)}`)
}

async function push(options: Place & { file: string }): Promise<void> {
  const { text, catalog } = await readCatalogFile(options.file)
  await withKv(options, 'CATALOG', (kv) => kv.put(catalogEntry, text))
  console.log(`${options.file} is pushed: ${describe(catalog)}`)
  console.log(
    options.remote === true
      ? 'It is served everywhere within about two minutes.'
      : 'A gateway that runs with this state serves it at once.',
  )
}

async function pull(options: Place & { file?: string }): Promise<void> {
  const text = await withKv(options, 'CATALOG', (kv) => kv.get(catalogEntry))
  if (text === null) {
    throw new UserError('KV holds no catalogue; the gateway serves the one that is built in.')
  }
  if (options.file === undefined) {
    process.stdout.write(text)
    return
  }
  await writeFile(options.file, text)
  console.log(`${options.file} is written.`)
}

function describe(catalog: Catalog): string {
  const { models, aliases, providers } = catalog
  const secrets = new Set(
    models.flatMap((model) =>
      model.targets.flatMap((target) => toUpstream(catalog, registries, model, target).secrets),
    ),
  )
  const counts = [
    `${Object.keys(providers).length} providers`,
    `${models.length} models (${listedIds(catalog).length} listed)`,
    `${Object.keys(aliases ?? {}).length} aliases`,
  ]
  const needed = secrets.size === 0 ? 'none' : [...secrets].sort().join(', ')
  return `${counts.join(', ')}.\nWorker secrets that it names: ${needed}.`
}
