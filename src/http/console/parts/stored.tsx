/** What the pages of batches and files share: whose they are, and what they show without a storage. */
import type { Context } from 'hono'

import { toErrorReply } from '../../../anthropic/error-reply.ts'
import { GatewayError } from '../../../anthropic/error.ts'
import { consolePath } from '../../console-path.ts'
import type { ConsoleEnv } from '../env.ts'
import type { KeySummaryView, ListView } from '../views.ts'
import { Empty } from './blocks.tsx'
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

/** A page of a list, or the sentence that names the binding that is missing. Other errors are thrown. */
export async function readStored<View>(
  read: () => Promise<View>,
): Promise<{ list: View } | { missing: string }> {
  try {
    return { list: await read() }
  } catch (error) {
    if (error instanceof GatewayError && error.failure.kind === 'not_found') {
      return { missing: toErrorReply(error.failure).message }
    }
    throw error
  }
}

/** A page's content where the gateway has no storage. */
export function Missing({ sentence }: { sentence: string }) {
  return (
    <Empty title={sentence}>
      <p>An operator switches them on with an R2 bucket.</p>
    </Empty>
  )
}

/** A form that chooses the owner; nothing for those who see only what is theirs. */
export async function OwnerChoice({ c }: { c: Context<ConsoleEnv> }) {
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

interface DeleteFormProps {
  /** The path that the form posts to. */
  action: string
  /** What is lost. */
  loss: string
  label: string
}

/** A button behind another, since what it deletes is gone. */
export function DeleteForm({ action, loss, label }: DeleteFormProps) {
  return (
    <details class="confirm">
      <summary>Delete…</summary>
      <form method="post" action={action}>
        <p>{loss}</p>
        <button class="danger">{label}</button>
      </form>
    </details>
  )
}
