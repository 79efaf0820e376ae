/** Finds secrets for commands: in the environment, else in `.dev.vars`, which the local gateway uses too. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

import { projectRoot } from '../platform/wrangler.ts'

/** The path of the project's `.dev.vars`. */
export const devVarsFile = join(projectRoot, '.dev.vars')

/** Returns the first secret of `names` that is set; undefined if none is. */
export async function findSecret(
  names: readonly string[],
  file?: string,
): Promise<string | undefined> {
  const secrets = await readSecrets(file)
  return names.map((name) => secrets(name)).find((value) => value !== undefined)
}

/** Looks secrets up by name: the environment wins, and an empty value counts as not set. */
export async function readSecrets(
  file = devVarsFile,
): Promise<(name: string) => string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return ''
    }
    throw error
  })
  const values = parseEnv(text)
  return (name) => process.env[name] || values[name] || undefined
}
