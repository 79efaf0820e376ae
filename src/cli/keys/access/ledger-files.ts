/**
 * The ledgers of local gateways: one SQLite file per key or group, in the state directory. A running gateway
 * is not disturbed, and what it has settled is visible immediately.
 */
import { createHash, createHmac } from 'node:crypto'
import { access, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { exchangeFact, readFact } from '../../../ledger/storage/facts.ts'
import { migrate } from '../../../ledger/storage/migrations.ts'
import type { Sql } from '../../../ledger/storage/sql.ts'
import { toNumber } from '../../../ledger/storage/sql.ts'
import { toPersistencePath } from '../../platform/local-state.ts'
import { openNodeSql } from '../../platform/node-sql.ts'

/** The directory's name in workerd: the Worker and the class. */
const folderName = 'gateway-Ledger'

/**
 * Calls `read` with each ledger and its name; returns the results by name. A ledger of an earlier version is
 * migrated first, as the gateway would do with it.
 */
export async function readLocalLedgers<Value>(
  state: string,
  read: (sql: Sql, name: string) => Value,
): Promise<Map<string, Value>> {
  const folder = toFolder(state)
  const files = await readdir(folder).catch(() => [])
  const found = new Map<string, Value>()
  for (const file of files.filter((name) => /^[0-9a-f]+\.sqlite$/.test(name))) {
    const { sql, close } = openNodeSql(join(folder, file))
    try {
      const name = readName(sql)
      if (name !== undefined) {
        migrate(sql)
        found.set(name, read(sql, name))
      }
    } finally {
      close()
    }
  }
  return found
}

/** Reads one ledger; an empty one if it does not exist yet. */
export async function readLocalLedger<Value>(
  state: string,
  name: string,
  read: (sql: Sql) => Value,
): Promise<Value> {
  const exists = await access(toFile(state, name)).then(
    () => true,
    () => false,
  )
  return exists ? writeLocalLedger(state, name, read) : use(':memory:', name, read)
}

/** Opens one ledger, which is created if it does not exist: the object finds the file at its first request. */
export async function writeLocalLedger<Value>(
  state: string,
  name: string,
  write: (sql: Sql) => Value,
): Promise<Value> {
  await mkdir(toFolder(state), { recursive: true })
  return use(toFile(state, name), name, write)
}

function use<Value>(path: string, name: string, act: (sql: Sql) => Value): Value {
  const { sql, close } = openNodeSql(path)
  try {
    migrate(sql)
    exchangeFact(sql, 'key', name)
    return act(sql)
  } finally {
    close()
  }
}

function toFolder(state: string): string {
  return join(toPersistencePath(state), 'do', folderName)
}

/** The file of an object by its name, as workerd derives the object's id (`src/workerd/server/server.c++`). */
function toFile(state: string, name: string): string {
  const key = createHash('sha256').update(folderName).digest()
  const sign = (data: string | Buffer): Buffer =>
    createHmac('sha256', key).update(data).digest().subarray(0, 16)
  const base = sign(name)
  return join(toFolder(state), `${Buffer.concat([base, sign(base)]).toString('hex')}.sqlite`)
}

/** The name of the object; undefined for a ledger without tables. */
function readName(sql: Sql): string | undefined {
  const [table] = sql.all(`SELECT count(*) AS count FROM sqlite_master WHERE name = 'facts'`)
  return toNumber(table?.['count']) === 0 ? undefined : readFact(sql, 'key')
}
