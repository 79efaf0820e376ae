/**
 * Doc comments of schemas, read from their source: `/** … *\/` above a field describes it, and a line
 * comment on a line of its own begins a group of fields.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { projectRoot } from '../platform/wrangler.ts'

/** The documentation of one field: its name, its description, and the heading of its group. */
export interface FieldDoc {
  name: string
  /** The description as one line of Markdown; empty if the name is enough. */
  description: string
  /** The heading of the field's group; empty before the first. */
  group: string
}

const source =
  /\/\*\*([^]*?)\*\/|^ *\/\/ (.*)\n|^ *(?:\.\.\.(\w+)(?:\(\))?,|(\$?\w+)(?:: |,\n))|^(export )?(?:const|function) (\w+)/gm

/**
 * Reads the documented fields of each object schema in `files`. A spread call
 * (`...createThinkingFlags()`) contributes the fields of that function, which is in the same file or
 * exported by an earlier one.
 */
export function readFieldDocs(files: readonly string[]): FieldDoc[][] {
  const exported = new Map<string, FieldDoc[]>()
  return files.flatMap((file) =>
    readFile(readFileSync(resolve(projectRoot, file), 'utf8'), exported),
  )
}

function readFile(text: string, exported: Map<string, FieldDoc[]>): FieldDoc[][] {
  const declared = new Map(exported)
  const objects: FieldDoc[][] = []
  let fields: FieldDoc[] = []
  let description = ''
  let group = ''
  for (const [, block, line, spread, name, isExport, declaration] of text.matchAll(source)) {
    if (block !== undefined) {
      description = toLine(block)
    } else if (line !== undefined) {
      group = line
    } else if (declaration !== undefined) {
      fields = []
      objects.push(fields)
      declared.set(declaration, fields)
      if (isExport !== undefined) {
        exported.set(declaration, fields)
      }
      description = ''
      group = ''
    } else {
      for (const field of declared.get(spread ?? '') ?? []) {
        fields.push({ ...field, group })
      }
      if (name !== undefined) {
        fields.push({ name, description, group })
      }
      description = ''
    }
  }
  return objects
}

function toLine(block: string): string {
  return block
    .split('\n')
    .map((line) => line.trim().replace(/^\* ?/, ''))
    .join(' ')
    .trim()
}
