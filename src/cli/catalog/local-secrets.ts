/** Secrets for commands: of the environment, else of `.dev.vars`, where the local gateway has them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

import { projectRoot } from '../platform/wrangler.ts'

/** The first of these that is set; undefined where none is. */
export async function findSecret(
  names: readonly string[],
  file = join(projectRoot, '.dev.vars'),
): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return ''
    }
    throw error
  })
  const kept = parseEnv(text)
  return names.map((name) => process.env[name] || kept[name]).find((value) => Boolean(value))
}
