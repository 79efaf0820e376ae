/** The ledger's database as tests use it. */
import { openNodeSql } from '../../src/cli/platform/node-sql.ts'
import type { Sql } from '../../src/ledger/storage/sql.ts'

/** An empty database in memory. */
export function createSql(): Sql {
  return openNodeSql(':memory:').sql
}
