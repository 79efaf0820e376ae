/** `npm run catalog -- …`: validates the catalog, moves it to and from KV, and discovers models. */
import { writeFile } from 'node:fs/promises'

import { catalogEntry } from '../catalog/load.ts'
import { listUnpriced } from '../catalog/price.ts'
import { toResolvedTarget } from '../catalog/resolve/resolved-target.ts'
import type { Catalog } from '../catalog/schema/catalog.ts'
import {
  defaultCatalogFile,
  listedIds,
  readCatalogFile,
  registries,
} from './catalog/catalog-file.ts'
import { discover } from './catalog/discover.ts'
import { readSecrets } from './catalog/local-secrets.ts'
import { findMissing, readDeployedSecrets } from './catalog/missing-secrets.ts'
import { modelsDevUrl } from './catalog/models-dev.ts'
import { updatePrices } from './catalog/prices.ts'
import type { KvLocation } from './platform/kv-location.ts'
import { addLocationOptions, withKv } from './platform/kv-location.ts'
import { createProgram, runProgram, UserError } from './platform/run-command.ts'
import { runWrangler } from './platform/wrangler.ts'

const program = createProgram(
  'npm run catalog --',
  'Validates the catalog and moves it to and from KV.',
)

program
  .command('check')
  .description('validate a catalog; exit with 1 if it has a fault')
  .option('--file <file>', 'the path of the catalog', defaultCatalogFile)
  .action(check)

addLocationOptions(program.command('push'))
  .description('validate a catalog and write it to KV; an invalid one is not written')
  .option('--file <file>', 'the path of the catalog', defaultCatalogFile)
  .action(push)

addLocationOptions(program.command('pull'))
  .description('print the catalog stored in KV')
  .option('--file <file>', 'write it to a file instead')
  .action(pull)

program
  .command('discover')
  .description('propose catalog entries for the models that a provider and models.dev list')
  .argument('<provider>', 'a provider of the catalog, or a preset')
  .option('--file <file>', 'the path of the catalog', defaultCatalogFile)
  .option('--match <names>', 'only models that match, with * as wildcard', '*')
  .option('--models-dev <url>', 'the URL of models.dev', modelsDevUrl)
  .option('--no-models-dev', 'do not use models.dev')
  .option('--as <name>', "the provider's name at models.dev, if it is not detected")
  .option('--write', 'write new entries and fields to the file')
  .option('--update', 'with --write: also change existing values that differ')
  .option('--json', 'print one line of JSON')
  .action(discover)

program
  .command('prices')
  .description('compare the prices of all models with models.dev, and update them')
  .option('--file <file>', 'the path of the catalog', defaultCatalogFile)
  .option('--match <ids>', 'only models whose ids match, with * as wildcard', '*')
  .option('--models-dev <url>', 'the URL of models.dev', modelsDevUrl)
  .option('--update', 'write the prices of models.dev to the file')
  .option('--json', 'print one line of JSON')
  .action(updatePrices)

await runProgram(program)

async function check({ file }: { file: string }): Promise<void> {
  const { catalog } = await readCatalogFile(file)
  console.log(`${file} is valid: ${describe(catalog)}`)
  warnMissing(catalog, await readSecrets(), 'missing in the environment and in .dev.vars')
}

async function push(options: KvLocation & { file: string }): Promise<void> {
  const { text, catalog } = await readCatalogFile(options.file)
  await withKv(options, 'CATALOG', (kv) => kv.put(catalogEntry, text))
  console.log(`Pushed ${options.file}: ${describe(catalog)}`)
  console.log(
    options.remote === true
      ? 'It takes effect everywhere within about two minutes.'
      : 'A gateway running with this state serves it immediately.',
  )
  if (options.remote === true) {
    const deployed = await readDeployedSecrets(runWrangler)
    warnMissing(catalog, deployed, 'missing in the deployed Worker (npx wrangler secret put NAME)')
  } else {
    warnMissing(catalog, await readSecrets(), 'missing in the environment and in .dev.vars')
  }
}

/** Warns of models that cannot be served without a secret. `has`: undefined for a secret that is not set. */
function warnMissing(
  catalog: Catalog,
  has: ((name: string) => unknown) | undefined,
  where: string,
): void {
  const missing = has === undefined ? [] : findMissing(catalog, has)
  if (missing.length > 0) {
    console.error(`Warning: these secrets are ${where}:`)
    missing.forEach(({ secrets, neededBy }) =>
      console.error(`  ${secrets.join(' or ')}, for ${neededBy.join(', ')}`),
    )
  }
}

async function pull(options: KvLocation & { file?: string }): Promise<void> {
  const text = await withKv(options, 'CATALOG', (kv) => kv.get(catalogEntry))
  if (text === null) {
    throw new UserError('KV has no catalog; the gateway serves the built-in one.')
  }
  if (options.file === undefined) {
    process.stdout.write(text)
    return
  }
  await writeFile(options.file, text)
  console.log(`Wrote ${options.file}.`)
}

function describe(catalog: Catalog): string {
  const { models, aliases, providers } = catalog
  const secrets = new Set(
    models.flatMap((model) =>
      model.targets.flatMap(
        (target) => toResolvedTarget(catalog, registries, model, target).secrets,
      ),
    ),
  )
  const counts = [
    `${Object.keys(providers).length} providers`,
    `${models.length} models (${listedIds(catalog).length} listed)`,
    `${Object.keys(aliases ?? {}).length} aliases`,
  ]
  const needed = secrets.size === 0 ? 'none' : [...secrets].sort().join(', ')
  const unpriced = listUnpriced(catalog)
  const warning =
    unpriced.length === 0
      ? ''
      : `\nModels without a price, which keys with a budget may not use (0 means free): ${unpriced.join(', ')}.`
  return `${counts.join(', ')}.\nWorker secrets that it names: ${needed}.${warning}`
}
