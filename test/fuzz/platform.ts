/** What Node lacks of the Workers platform, and of bundlers; preloaded by `npm run fuzz`. */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

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

Object.assign(globalThis, { IdentityTransformStream: TransformStream })
/** Node's reader has it as an option, which the types of Workers do not know. */
interface NodeReader {
  read: (view: Uint8Array, options: { min: number }) => Promise<unknown>
}

Object.assign(ReadableStreamBYOBReader.prototype, {
  readAtLeast(this: NodeReader, min: number, view: Uint8Array) {
    return this.read(view, { min })
  },
})
