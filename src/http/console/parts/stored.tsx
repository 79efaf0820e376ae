/** What the pages of batches and files share: whose they are, and what they show without a storage. */
import type { Context } from 'hono'
import type { Child } from 'hono/jsx'

import { toErrorReply } from '../../../anthropic/error-reply.ts'
import { GatewayError } from '../../../anthropic/error.ts'
import { consolePath } from '../../console-path.ts'
import type { ConsoleEnv } from '../env.ts'
import type { KeySummaryView, ListView } from '../views.ts'
import { Empty } from './blocks.tsx'
import { Page, respond } from './document.tsx'
import { mayChange } from './rights.ts'

/** The query that names an owner other than the session's key; the API decides whether it may be used. */
export function ownerQuery(c: Context<ConsoleEnv>): string {
  const { api_key_id: owner = '' } = c.req.query()
  return owner === '' ? '' : `api_key_id=${encodeURIComponent(owner)}`
}

/** The answer to a change: the list of the same owner. */
export function backTo(c: Context<ConsoleEnv>, page: 'batches' | 'files'): Response {
  const query = ownerQuery(c)
  return c.redirect(`${consolePath}/${page}${query && `?${query}`}`, 303)
}

interface StoredList<Row> {
  title: 'Batches' | 'Files'
  /** Reads a page of the list; `next` is where the one after it begins. */
  read: (query: string, after: string) => Promise<{ rows: readonly Row[]; next: string | null }>
  table: (rows: readonly Row[]) => Child
}

/** Answers with a list of what the owner has stored, or with the binding that is missing. Other errors are thrown. */
export async function showStored<Row>(
  c: Context<ConsoleEnv>,
  { title, read, table }: StoredList<Row>,
): Promise<Response> {
  const owner = ownerQuery(c)
  const { after = '' } = c.req.query()
  const found = await read(`limit=50&${owner}`, encodeURIComponent(after)).catch(toMissing)
  return respond(
    c,
    <Page c={c} title={title}>
      {'missing' in found ? (
        <Empty title={found.missing}>
          <p>An operator switches them on with an R2 bucket.</p>
        </Empty>
      ) : (
        <>
          <OwnerChoice c={c} />
          {table(found.rows)}
          {found.next !== null && (
            <p>
              <a href={`?after=${found.next}&${owner}`}>More {title.toLowerCase()}</a>
            </p>
          )}
        </>
      )}
    </Page>,
  )
}

function toMissing(error: unknown): { missing: string } {
  if (error instanceof GatewayError && error.failure.kind === 'not_found') {
    return { missing: toErrorReply(error.failure).message }
  }
  throw error
}

/** A form that chooses the owner; nothing for those who see only what is theirs. */
async function OwnerChoice({ c }: { c: Context<ConsoleEnv> }) {
  if (!mayChange(c)) {
    return null
  }
  const { data } = await c.get('api').get<ListView<KeySummaryView>>('/api_keys?limit=100')
  const own = c.get('key').id
  const { api_key_id: owner = '' } = c.req.query()
  const others = data.filter(({ id }) => id !== own)
  const isListed = owner === '' || owner === own || others.some(({ id }) => id === owner)
  return (
    <form class="filters" method="get">
      <label>
        Key
        <select name="api_key_id">
          <option value="">yours</option>
          {!isListed && (
            <option value={owner} selected>
              {owner}
            </option>
          )}
          {others.map(({ id, name }) => (
            <option value={id} selected={id === owner}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button>Show</button>
    </form>
  )
}
