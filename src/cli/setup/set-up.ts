/**
 * The steps of `npm run setup`. Each looks at what is there before it changes anything, so that all
 * of them can run again at any time, and continue where an earlier run was interrupted.
 */
import { userInfo } from 'node:os'
import { join } from 'node:path'

import { resolveModel } from '../../catalog/resolve/resolve.ts'
import type { Catalog } from '../../catalog/schema/catalog.ts'
import type { KeyValue } from '../../platform/key-value.ts'
import { listedIds, registries } from '../catalog/catalog-file.ts'
import { openRemoteKv, putEntries } from '../platform/remote-kv.ts'
import { UserError } from '../platform/run-command.ts'
import type { RunWrangler } from '../platform/wrangler.ts'
import type { SmokeTest } from '../smoke/smoke-test.ts'
import { findAccount } from './account.ts'
import { describeClients } from './client-lines.ts'
import { buildCatalog, hostedSecrets, pushCatalog, readDeployed } from './deployed-catalog.ts'
import { deploy } from './deployment.ts'
import type { FirstKeys } from './first-keys.ts'
import { forgetKeys, makeFirstKeys, makeSmokeKey } from './first-keys.ts'
import type { Questions } from './questions.ts'
import { setSecrets } from './worker-secrets.ts'

/** The options of `npm run setup`. */
export interface SetupOptions {
  /** The address that clients use, if it is not the first one of the deployment. */
  url: string | undefined
  catalog: string
  /** Whether a catalog that others wrote is replaced without a question. */
  replaceCatalog: boolean
  modelsDev: string
  /** Whether requests are sent to the gateway. */
  smoke: boolean
  /** A key for them; undefined to make one. */
  smokeKey: string | undefined
  /** The state directory, for keys that have not been shown. */
  state: string
}

/** What the steps use of the world. */
export interface SetupTools {
  run: RunWrangler
  /** Undefined if nothing is asked. */
  questions: Questions | undefined
  findSecret: (name: string) => string | undefined
  isBound: (binding: string) => boolean
  print: (text: string) => void
  /** Hands out new keys. Returns whether they are printed, so that what is printed next may contain them. */
  showKeys: (keys: FirstKeys, url: string) => Promise<boolean>
  smokeTest: (test: SmokeTest) => Promise<void>
  /** Resolves when the gateway at an address responds. */
  waitUntilReady: (url: string) => Promise<void>
  now: () => Date
}

/** What a deployment is for the later steps. */
interface Target {
  url: string
  run: RunWrangler
  keys: KeyValue
  catalog: KeyValue
  /** The file of keys that have not been shown. */
  keysFile: string
}

/**
 * Runs all steps. Throws a UserError that names the step which failed.
 */
export async function setUp(options: SetupOptions, tools: SetupTools): Promise<void> {
  const { print } = tools
  const target = await step(print, '1. Deployment', () => deployTo(options, tools))
  const values = await step(print, '2. Secrets', () =>
    setSecrets(hostedSecrets(registries.presets), { ...tools, run: target.run }),
  )
  const catalog = await step(print, '3. Catalog', () =>
    writeCatalog(target, values, options, tools),
  )
  const keys = await step(print, '4. Keys', () => makeKeys(target, tools))
  const shown = await tools.showKeys(keys, target.url)
  await forgetKeys(target.keysFile)
  const model = firstModel(catalog)
  if (options.smoke) {
    await step(print, '5. Smoke test', () =>
      testGateway(target, keys.team ?? options.smokeKey, model, tools),
    )
  }
  const key = (shown ? keys.team : undefined) ?? 'gw-…'
  print(`\n${describeClients({ url: target.url, key, model, catalog })}`)
}

/** Runs a step under its title; a UserError tells the operator how to continue. */
async function step<Value>(
  print: SetupTools['print'],
  title: string,
  action: () => Promise<Value>,
): Promise<Value> {
  print(`\n${title}`)
  try {
    return await action()
  } catch (error) {
    if (error instanceof UserError) {
      throw new UserError(
        `${error.message}\n\nThe setup stopped at "${title}". Run npm run setup again: it continues there.`,
      )
    }
    throw error
  }
}

async function deployTo({ url, state }: SetupOptions, tools: SetupTools): Promise<Target> {
  const { questions, print } = tools
  const account = await findAccount(tools.run, questions, process.env['CLOUDFLARE_ACCOUNT_ID'])
  print(`Account ${account.name ?? account.id}`)
  const run: RunWrangler = (args, { env, ...rest } = {}) =>
    tools.run(args, { ...rest, env: { CLOUDFLARE_ACCOUNT_ID: account.id, ...env } })
  const deployment = await deploy(run)
  const address = url ?? deployment.url
  if (address === undefined) {
    throw new UserError(
      `${deployment.worker} is deployed, but wrangler.toml gives it no address. Set workers_dev = true or a custom domain, or give the address with --url.`,
    )
  }
  print(`${deployment.worker} is deployed at ${address}`)
  return {
    url: address,
    run,
    keys: openRemoteKv('KEYS', run),
    catalog: openRemoteKv('CATALOG', run),
    keysFile: join(state, `setup-${deployment.worker}-${account.id.slice(0, 8)}.json`),
  }
}

/** Returns the catalog that the gateway serves now. */
async function writeCatalog(
  { catalog: kv }: Target,
  secrets: ReadonlyMap<string, string>,
  options: SetupOptions,
  { questions, isBound, print }: SetupTools,
): Promise<Catalog> {
  const deployed = await readDeployed(kv)
  const { catalog, notes } = await buildCatalog({
    file: options.catalog,
    presets: registries.presets,
    secrets,
    isBound,
    modelsDev: options.modelsDev,
    previous: deployed.ofSetup,
  })
  notes.forEach((note) => print(note))
  const replaces = options.replaceCatalog
  const pushed = await pushCatalog(catalog, { kv, deployed, questions, replaces })
  if (pushed === 'kept' && deployed.catalog !== undefined) {
    print(
      'The catalog in KV was changed after the setup wrote it, and is kept. Use --replace-catalog to replace it.',
    )
    return deployed.catalog
  }
  const models = listedIds(catalog).length
  print(
    pushed === 'written' ? `${models} models are written to KV.` : `${models} models, as before.`,
  )
  return catalog
}

async function makeKeys(target: Target, { print, now }: SetupTools): Promise<FirstKeys> {
  const keys = await makeFirstKeys({
    kv: target.keys,
    putEntries: (entries) => putEntries(target.run, 'KEYS', entries),
    file: target.keysFile,
    actor: `setup:${userInfo().username}`,
    now: now(),
  })
  if (Object.keys(keys).length === 0) {
    print('There are existing keys: npm run keys -- list --remote')
  }
  return keys
}

async function testGateway(
  { url, run }: Target,
  known: string | undefined,
  model: string,
  { print, now, smokeTest, waitUntilReady }: SetupTools,
): Promise<void> {
  await waitUntilReady(url)
  const putAll = (entries: Parameters<typeof putEntries>[2]): Promise<void> =>
    putEntries(run, 'KEYS', entries)
  if (known === undefined) {
    print(
      'The existing keys are unknown here, so a temporary key is created that expires in 10 minutes.',
    )
  }
  const key = known ?? (await makeSmokeKey({ putEntries: putAll, now: now() }))
  await smokeTest({ url, key, model })
}

/** The name that Claude Code asks for by default, if it is served; otherwise the first model. */
function firstModel(catalog: Catalog): string {
  const usual = 'claude-sonnet-5'
  return resolveModel(catalog, usual) === undefined ? (listedIds(catalog)[0] ?? usual) : usual
}
