/**
 * KV namespaces that an interrupted deployment has created, but not linked to the Worker. Wrangler
 * creates namespaces that have no id, and fails if their names are taken.
 */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import * as z from 'zod/mini'

import { parseJson } from '../../anthropic/json.ts'
import type { Namespace } from '../platform/local-state.ts'
import type { Finished, RunWrangler } from '../platform/wrangler.ts'
import { projectRoot } from '../platform/wrangler.ts'

/** Wrangler resolves paths of a configuration from its folder. */
const linkedConfig = join(projectRoot, 'wrangler.linked.toml')

const namespaceList = z.array(z.object({ id: z.string(), title: z.string() }))

/** Whether a deployment failed because a namespace exists (https://api.cloudflare.com error 10014). */
export function isNameTaken({ code, stdout, stderr }: Finished): boolean {
  return code !== 0 && /\[code: 10014\]/.test(stdout + stderr)
}

/**
 * Deploys with the ids of the namespaces that exist under the names that the failed deployment
 * chose. Later deployments inherit them.
 */
export async function deployLinked(
  run: RunWrangler,
  failed: Finished,
  env: Readonly<Record<string, string>>,
): Promise<Finished> {
  const [, prefix] = /Creating new KV Namespace "(.+)-(?:keys|catalog)"/.exec(failed.stdout) ?? []
  const list = namespaceList.safeParse(parseJson((await run(['kv', 'namespace', 'list'])).stdout))
  const text = await readFile(join(projectRoot, 'wrangler.toml'), 'utf8')
  const linked = (['KEYS', 'CATALOG'] as const).reduce((config, binding) => {
    const title = `${prefix}-${binding.toLowerCase()}`
    const id = list.data?.find((each) => each.title === title)?.id
    return id === undefined ? config : withId(config, binding, id)
  }, text)
  try {
    await writeFile(linkedConfig, linked)
    return await run(['deploy', '--config', linkedConfig], { env })
  } finally {
    await rm(linkedConfig, { force: true })
  }
}

/** Adds an id to every `[[kv_namespaces]]` of a binding, one for each environment. */
function withId(config: string, binding: Namespace, id: string): string {
  return config.replaceAll(`binding = "${binding}"\n`, `binding = "${binding}"\nid = "${id}"\n`)
}
