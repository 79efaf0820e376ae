/** The Durable Objects that the Worker exports, by the names in wrangler.toml. A method that is not listed cannot be called. */
import type { ObjectParts } from './platform/loaded-object.ts'
import { loadedObject } from './platform/loaded-object.ts'

/** The limits, budgets and usage of one key or group. */
export class Ledger extends loadedObject(
  async (...parts: ObjectParts) => {
    const { LedgerObject } = await import('./ledger/ledger-object.ts')
    return new LedgerObject(...parts)
  },
  [
    'reserve',
    'renew',
    'settle',
    'cancel',
    'release',
    'raise',
    'watch',
    'alarm',
    'standing',
    'adjust',
    'adjustments',
    'usage',
    'adjustedUsage',
    'sessions',
    'exportTables',
    'importTables',
    'policy',
    'change',
    'changeGroup',
  ],
) {}

/** The files and batches of one key or group. */
export class OwnerIndex extends loadedObject(
  async (...parts: ObjectParts) => {
    const { OwnerIndexObject } = await import('./store/owner-index-object.ts')
    return new OwnerIndexObject(...parts)
  },
  [
    'usedByFiles',
    'addFile',
    'findFile',
    'findFiles',
    'listFiles',
    'removeFile',
    'admitBatch',
    'findBatch',
    'endBatch',
    'listBatches',
    'removeBatch',
    'cancelBatch',
    'alarm',
  ],
) {}

/** The sessions of the console. */
export class Sessions extends loadedObject(
  async (...parts: ObjectParts) => {
    const { SessionsObject } = await import('./identity/sessions-object.ts')
    return new SessionsObject(...parts)
  },
  ['create', 'find', 'end', 'endOf', 'list', 'attempt', 'takeBack', 'use'],
) {}

/** One grant, browser flow, count of attempts, or person with sessions. */
export class SignIn extends loadedObject(
  async (...parts: ObjectParts) => {
    const { SignInObject } = await import('./identity/sign-in-object.ts')
    return new SignInObject(...parts)
  },
  [
    'openGrant',
    'pendingGrant',
    'decideGrant',
    'pollGrant',
    'openFlow',
    'takeHandshake',
    'identifyFlow',
    'signedIn',
    'endFlow',
    'beginAttempt',
    'takeBackAttempt',
    'openSession',
    'refreshSession',
    'isSessionOpen',
    'listSessions',
    'endSessions',
    'endSessionOf',
    'alarm',
  ],
) {}

/** The one writer of the catalog. */
export class CatalogWriter extends loadedObject(
  async (...parts: ObjectParts) => {
    const { CatalogWriterObject } = await import('./catalog/versions/catalog-writer.ts')
    return new CatalogWriterObject(...parts)
  },
  ['push'],
) {}

/** The latest log lines, and those who watch them. */
export class LiveLog extends loadedObject(
  async (...parts: ObjectParts) => {
    const { LiveLogObject } = await import('./live-log/live-log-object.ts')
    return new LiveLogObject(...parts)
  },
  ['append', 'list', 'watch'],
) {}
