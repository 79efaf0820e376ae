/** Applies changes of the configuration while `npm start` runs. */
import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'

import { catalogEntry } from '../../catalog/load.ts'
import { devVarsFile } from '../catalog/local-secrets.ts'
import type { Engine } from '../platform/engine.ts'
import { UserError } from '../platform/run-command.ts'
import type { ServedOptions } from './served-catalog.ts'
import { readServedCatalog, workerSecrets } from './served-catalog.ts'
import { describeModels } from './start-message.ts'

/**
 * The delay in milliseconds before a changed file is read, since editors write in several steps.
 */
const settleMs = 200

/**
 * Watches the catalog file and `.dev.vars`. A changed catalog is pushed to local KV; changed
 * secrets also restart the Worker. The models that are served then are printed. An invalid file changes nothing: the fault is printed, and the
 * gateway keeps its configuration.
 */
export function watchConfiguration(options: ServedOptions, engine: Engine): void {
  let queue = Promise.resolve()
  const onChange = (file: string): void => {
    queue = queue.then(() => apply(file)).catch(report)
  }
  const apply = async (file: string): Promise<void> => {
    const served = await readServedCatalog(options)
    if (file === devVarsFile) {
      await engine.reload(await workerSecrets(served.catalog))
    }
    const kv = await engine.kv('CATALOG')
    await kv.put(catalogEntry, served.text)
    const lines = [`${basename(file)} has changed and has been reloaded.`, ...served.notes]
    console.error([...lines, '', describeModels(served.catalog)].join('\n'))
  }
  for (const file of [options.catalog, devVarsFile]) {
    watchFile(file, () => onChange(file))
  }
}

/** Watches a file by its folder, since editors replace files and `.dev.vars` may not exist yet. */
function watchFile(file: string, onChange: () => void): void {
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(dirname(file), { persistent: false }, (_event, name) => {
    if (name === basename(file)) {
      clearTimeout(timer)
      timer = setTimeout(onChange, settleMs)
    }
  })
  watcher.on('error', (error) => console.error(`${file} is not watched: ${error.message}`))
}

function report(error: unknown): void {
  if (!(error instanceof UserError)) {
    throw error
  }
  console.error(`${error.message}\nThe gateway keeps its last valid configuration.`)
}
