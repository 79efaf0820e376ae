/** What Node lacks of the Workers platform, and of bundlers; preloaded where the gateway runs in Node. */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

import '../support/workers-platform.ts'

// A JSON file has its fields as exports.
registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith('.json') || context.importAttributes['type'] === 'json') {
      return nextLoad(url, context)
    }
    const fields: Record<string, unknown> = JSON.parse(readFileSync(fileURLToPath(url), 'utf8'))
    const exported = Object.keys(fields).map(
      (name, at) =>
        `const v${at} = ${JSON.stringify(fields[name])}; export { v${at} as ${JSON.stringify(name)} }`,
    )
    return { format: 'module', source: exported.join('\n'), shortCircuit: true }
  },
})
