/**
 * The second half of `npm run types`: the classes of bindings get the types of the sources, since the built
 * modules that Wrangler names have none.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { projectRoot } from './platform/wrangler.ts'

const file = join(projectRoot, 'src/env.d.ts')
writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"../dist/index"', '"./index"'))
