/** `/v1/organizations/export` and `/import`: all that the gateway stores, page by page. */
import type { Context } from 'hono'
import * as z from 'zod/mini'

import { invalidRequest } from '../../../../anthropic/error.ts'
import { parseRequest } from '../../../../anthropic/request/request.ts'
import { withWriteRetries } from '../../../../keys/write-retries.ts'
import type { TransferStore } from '../../../../ledger/transfer.ts'
import {
  exportHolder,
  headLine,
  importLines,
  isKnownHead,
  listHolders,
  toHead,
  transferLine,
} from '../../../../ledger/transfer.ts'
import { readBody } from '../../../body.ts'
import type { AppEnv } from '../../../env.ts'
import { runChange } from '../changes.ts'
import { requireLedgers } from '../reports.ts'

/** Keys and groups of a page: each takes up to 60 reads, of the 1,000 that a request may make. */
const holdersPerPage = 10

/** Handles `GET /v1/organizations/export`: `{head, lines, next}`; `page` is the `next` of the page before. */
export async function answerExport(c: Context<AppEnv>): Promise<Response> {
  const store = toStore(c)
  const from = Number(c.req.query('page') ?? 0)
  if (!Number.isSafeInteger(from) || from < 0) {
    throw invalidRequest('page: must be the value of next_page')
  }
  const holders = await listHolders(store.kv)
  const end = from + holdersPerPage
  const lines = await Promise.all(
    holders.slice(from, end).map((holder) => exportHolder(store, holder)),
  )
  const next = end < holders.length ? String(end) : null
  return c.json({ head: toHead(new Date(c.get('now')())), lines: lines.flat(), next })
}

const importBody = z.object({ head: headLine, lines: z.array(transferLine) })

/** Handles `POST /v1/organizations/import` of `{head, lines}`. Lines that were imported before change nothing. */
export async function answerImport(c: Context<AppEnv>): Promise<Response> {
  const { head, lines } = parseRequest(importBody, (await readBody(c.req.raw)).json)
  if (!isKnownHead(head)) {
    const message = `head.version: ${head.version} is newer than this gateway supports; upgrade the gateway.`
    throw invalidRequest(message)
  }
  return c.json(await runChange(() => importLines(toStore(c), lines, new Date(c.get('now')()))))
}

function toStore(c: Context<AppEnv>): TransferStore {
  const { keys, ledgers } = c.get('config')
  return {
    kv: withWriteRetries(keys),
    readTables: async (ledger) => (await ledgers?.getByName(ledger).exportTables()) ?? [],
    writeTables: async (ledger, parts) =>
      requireLedgers(c)
        .getByName(ledger)
        .importTables([...parts]),
  }
}
