/** The latest requests, with attempts and adaptations, as they come. */
import type { Context } from 'hono'

import { consolePath } from '../../console-path.ts'
import type { ConsoleEnv } from '../env.ts'
import { Empty } from '../parts/blocks.tsx'
import { Page, respond } from '../parts/document.tsx'
import { Choice, Field } from '../parts/fields.tsx'
import { RequestTable } from '../parts/request-row.tsx'
import type { KeySummaryView, ListView, RequestLineView } from '../views.ts'

/** `GET /console/requests`, filtered by `key`, `status` and `q`; with `part`, the table alone, for the script. */
export async function showRequests(c: Context<ConsoleEnv>): Promise<Response> {
  if (c.get('config').liveLog === undefined) {
    return showOff(c)
  }
  const { key = '', status = '', q = '' } = c.req.query()
  const api = c.get('api')
  const filter = new URLSearchParams(
    Object.entries({ api_key_id: key, status, q }).filter(([, value]) => value !== ''),
  ).toString()
  const [rows, keys] = await Promise.all([
    api.get<ListView<RequestLineView>>(`/requests?limit=100&${filter}`),
    api.get<ListView<KeySummaryView>>('/api_keys?limit=100'),
  ])
  const names = new Map(keys.data.map(({ id, name }) => [id, name]))
  return respond(
    c,
    <Page c={c} title="Requests">
      <Filters keyId={key} status={status} q={q} keys={keys.data} />
      <div
        data-island="live"
        data-stream={`${consolePath}/api/organizations/requests/stream?${filter}`}
        aria-live="off"
      >
        {rows.data.length === 0 ? (
          <Empty title="No request matches.">
            <p>Requests appear here a second after they end.</p>
          </Empty>
        ) : (
          <RequestTable rows={rows.data} names={names} />
        )}
      </div>
    </Page>,
  )
}

function showOff(c: Context<ConsoleEnv>): Response | Promise<Response> {
  return respond(
    c,
    <Page c={c} title="Requests">
      <Empty title="Requests are not kept.">
        <p>
          Set the var <code>CONSOLE_LOG</code> to <code>"on"</code> in wrangler.toml and deploy: the
          latest 2,000 requests are then kept, without prompts and answers. Each batch of lines is a
          request to a Durable Object.
        </p>
      </Empty>
    </Page>,
  )
}

interface FilterProps {
  /** The id of a key; `key` is JSX's own. */
  keyId: string
  status: string
  q: string
  keys: readonly KeySummaryView[]
}

function Filters({ keyId, status, q, keys }: FilterProps) {
  return (
    <form class="filters" method="get" role="search">
      <Choice
        label="Key"
        name="key"
        options={[['', 'all'], ...keys.map(({ id, name }) => [id, name] as const)]}
        value={keyId}
      />
      <Choice label="Status" name="status" options={[['', 'all'], 'ok', 'error']} value={status} />
      <Field
        label="Contains"
        type="search"
        name="q"
        value={q}
        placeholder="model, target, error, request id"
      />
      <button>Filter</button>
    </form>
  )
}
