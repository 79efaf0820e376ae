/** The schema of a batch's database, and the steps from every earlier one to it. */
import type { Schema } from '../ledger/storage/migrate.ts'

/** The schema of the database of a batch's object. */
export const batchSchema: Schema = {
  of: 'batch',
  steps: [
    [
      `CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`,
      // state: ready, queued, running, done. until: of the lease, or after which a message counts as lost.
      `CREATE TABLE slices (
        n INTEGER PRIMARY KEY, ids TEXT NOT NULL, state TEXT NOT NULL, token INTEGER NOT NULL,
        until INTEGER NOT NULL, tries INTEGER NOT NULL, done TEXT NOT NULL, outputs TEXT NOT NULL,
        jobs TEXT
      )`,
      `CREATE INDEX slices_by_state ON slices (state, until)`,
      `CREATE TABLE pauses (provider TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID`,
    ],
  ],
}
