import { expect, test } from 'vitest'

import page from '../../docs/comparison.md?raw'
import litellm from '../../docs/comparison/litellm.json'
import own from '../../docs/comparison/messages-gateway.json'
import { toComparison } from '../../src/cli/conformance/compare.ts'
import type { Report } from '../../src/cli/conformance/report.ts'

const [, printed] = /<!-- compare -->\s*([^]*?)\s*<!-- \/compare -->/.exec(page) ?? []

/** Without the alignment of columns. */
function toCells(table = ''): string[] {
  return table.split('\n').map((line) => line.replaceAll(/ +\|/g, ' |').replaceAll(/-+/g, '-'))
}

test('the comparison has the tables that `conformance -- compare` prints for its two reports', () => {
  const reports = [own, litellm] as unknown as Report[]
  expect(toCells(printed)).toEqual(toCells(toComparison(reports)))
})
