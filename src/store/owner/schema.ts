/** The schema of an owner's index, and the steps from every earlier one to it. */
import type { Schema } from '../../ledger/storage/migrate.ts'

/** The schema of an owner's index. */
export const ownerSchema: Schema = {
  of: 'index',
  steps: [
    [
      `CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`,
      `CREATE TABLE files (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, filename TEXT NOT NULL,
        mime_type TEXT NOT NULL, bytes INTEGER NOT NULL, created_at INTEGER NOT NULL,
        expires_at INTEGER, gone INTEGER NOT NULL
      )`,
      `CREATE TABLE batches (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, items INTEGER NOT NULL,
        created_at INTEGER NOT NULL, idempotency_key TEXT UNIQUE, ended TEXT,
        hidden INTEGER NOT NULL DEFAULT 0
      )`,
    ],
  ],
}
