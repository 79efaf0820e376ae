/** `npm run bundle`: builds the modules of the Worker into dist/. Wrangler runs it before it deploys. */
import { join } from 'node:path'

import { buildWorker } from './platform/bundle/worker-modules.ts'
import { projectRoot } from './platform/wrangler.ts'

await buildWorker({ folder: join(projectRoot, 'dist'), minify: true })
