/** Checks that doc comments are there and can be understood alone, as an editor shows them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Names of exported declarations in `src` that no doc comment precedes, as `file: name`. */
export function findUndocumented(src: string): string[] {
  return filesOf(src).flatMap((file) => {
    const lines = readFileSync(join(src, file), 'utf8').split('\n')
    const documented = new Set<string>()
    return lines.flatMap((line, index) => {
      const name = exported.exec(line)?.[1]
      if (name === undefined) {
        return []
      }
      // The implementation of a function with overloads needs no comment of its own.
      const isDocumented = documented.has(name) || isCommented(lines, index)
      documented.add(name)
      return isDocumented ? [] : [`${file}: ${name}`]
    })
  })
}

/** Doc comments in `src` whose first word only has a meaning next to other code, as `file: comment`. */
export function findFragments(src: string): string[] {
  return filesOf(src).flatMap((file) =>
    [...readFileSync(join(src, file), 'utf8').matchAll(/^ *\/\*\*([^*]|\*(?!\/))*\*\//gm)]
      .map(([comment]) => comment.replace(/^\s*\/?\*+\/?/gm, '').trim())
      .filter((text) => fragment.test(text))
      .map((text) => `${file}: ${text.split('\n')[0]}`),
  )
}

const exported =
  /^export (?:async |abstract )?(?:function\*?|class|interface|type|const|enum) (\w+)/

const fragment =
  /^(?:As|After|At|By|For|From|His|In|It|Its|Laid|Of|On|So|Such|That|The same|Their|These|They|This|Those|To|Until|Where|Which|With|Without)\b/

function isCommented(lines: readonly string[], index: number): boolean {
  const above = lines[index - 1] ?? ''
  return above.startsWith('//') ? isCommented(lines, index - 1) : /\*\/$/.test(above)
}

function filesOf(src: string): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
}
