/** What each protocol carries: the table in docs/reference/compatibility.md, cell by cell. */
import { expect, test } from 'vitest'

import page from '../../docs/reference/compatibility.md?raw'
import { features } from './matrix/features.ts'
import { createGateway } from './matrix/gateway.ts'
import { wires } from './matrix/wire.ts'

const [, printed = ''] = /<!-- matrix -->\s*([^]*?)\s*<!-- \/matrix -->/.exec(page) ?? []

/** The cells of a table in Markdown, without its ruler. */
function toRows(table: string): string[][] {
  return table
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

test('the compatibility page states what each protocol carries', async () => {
  const rows = [['', ...wires.map(({ dialect }) => `\`${dialect}\``)]]
  for (const [name, probe] of Object.entries(features)) {
    const cells: string[] = []
    for (const wire of wires) {
      cells.push(await probe(await createGateway(wire)))
    }
    rows.push([name, ...cells])
  }
  expect(toRows(printed)).toEqual(rows)
})
