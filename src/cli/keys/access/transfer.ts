/** Export and import through the Admin API, in parts that one request can have. */
import * as z from 'zod/mini'

import type { ImportCounts, TransferLine } from '../../../ledger/transfer.ts'
import { toHead, transferLine } from '../../../ledger/transfer.ts'
import type { AdminApi } from './admin-api.ts'

const exportPage = z.object({ lines: z.array(transferLine), next: z.nullable(z.string()) })

/** Calls `write` with each line of an export, but the first. */
export async function exportLines(
  { call }: AdminApi,
  write: (line: TransferLine) => void,
): Promise<void> {
  for (let next: string | null = '0'; next !== null;) {
    const page: z.infer<typeof exportPage> = exportPage.parse(
      await call('GET', `/export?page=${next}`),
    )
    page.lines.forEach(write)
    next = page.next
  }
}

const importCounts = z.object({
  created: z.number(),
  changed: z.number(),
  unchanged: z.number(),
  usage_rows: z.number(),
})

/** Lines of one request, and rows of usage in them: a request may read and write so many records, and have so many values. */
const [linesPerRequest, rowsPerRequest] = [40, 8000]

function toParts(lines: readonly TransferLine[]): TransferLine[][] {
  const parts: TransferLine[][] = []
  let rows = 0
  for (const line of lines) {
    const last = parts.at(-1)
    const more = line.type === 'usage' ? line.rows.length : 0
    if (last === undefined || last.length >= linesPerRequest || rows + more > rowsPerRequest) {
      parts.push([line])
      rows = more
    } else {
      last.push(line)
      rows += more
    }
  }
  return parts
}

/** Imports the lines of a document but its first. */
export async function importLines(
  { call }: AdminApi,
  lines: readonly TransferLine[],
): Promise<ImportCounts> {
  const sum: ImportCounts = { created: 0, changed: 0, unchanged: 0, usage_rows: 0 }
  for (const part of toParts(lines)) {
    const body = { head: toHead(new Date()), lines: part }
    const counts = importCounts.parse(await call('POST', '/import', body))
    sum.created += counts.created
    sum.changed += counts.changed
    sum.unchanged += counts.unchanged
    sum.usage_rows += counts.usage_rows
  }
  return sum
}
