/** What the official SDKs name and the gateway does not know. */
import { readFileSync, readdirSync } from 'node:fs'

import { Declarations } from './declarations.ts'
import type { Watched } from './watched.ts'

/** The values that are neither known nor settled; undefined where the SDK has no such type any more. */
export function findNew(
  { read, settled = [], known }: Watched,
  declarations: string,
  sourceOf: (room: string) => string,
): string[] | undefined {
  const values = read(new Declarations(declarations))
  if (values.length === 0) {
    return undefined
  }
  const sources = typeof known === 'function' ? [] : known.map(sourceOf)
  const isKnown =
    typeof known === 'function'
      ? known
      : (value: string) => sources.some((text) => names(text, value))
  return values.filter(
    (value) => !settled.some(([pattern]) => pattern.test(value)) && !isKnown(value),
  )
}

/** Whether a source names a value, in whatever case, as a word of its own. */
function names(source: string, value: string): boolean {
  const literal = value.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  return new RegExp(String.raw`(?<![\w-])${literal}(?![\w-])`, 'i').test(source)
}

/** The text of all files below a folder with that ending. */
export function readAll(folder: string, ending: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => readFileSync(`${folder}/${file}`, 'utf8'))
    .join('\n')
}
