/** Message batches of a key: their states and counts, results, and what ends or deletes them. */
import type { Context } from 'hono'

import type { MessageBatch } from '../../../batches/batch-view.ts'
import { consolePath } from '../../console-path.ts'
import type { ConsoleEnv } from '../env.ts'
import { DataTable, Empty } from '../parts/blocks.tsx'
import { ConfirmForm } from '../parts/fields.tsx'
import { Badge, formatCount, Time } from '../parts/format.tsx'
import { backTo, ownerQuery, showStored } from '../parts/stored.tsx'
import type { PageView } from '../views.ts'

/** `GET /console/batches`, of the own key, or for an operator of that of `api_key_id`. */
export async function showBatches(c: Context<ConsoleEnv>): Promise<Response> {
  return showStored(c, {
    title: 'Batches',
    async read(query, after) {
      const from = after && `&after_id=${after}`
      const page = await c.get('batches').get<PageView<MessageBatch>>(`?${query}${from}`)
      return { rows: page.data, next: page.has_more ? page.last_id : null }
    },
    table: (rows) => <Batches rows={rows} query={ownerQuery(c)} />,
  })
}

function Batches({ rows, query }: { rows: readonly MessageBatch[]; query: string }) {
  return (
    <DataTable
      caption="Batches"
      rows={rows}
      empty={
        <Empty title="There is no batch of this key.">
          <p>
            A batch sends up to 100,000 requests at once, and has their results within 24 hours.
            Clients make one with <code>POST /v1/messages/batches</code>, or{' '}
            <code>client.messages.batches.create</code> of Anthropic's SDKs.
          </p>
        </Empty>
      }
      columns={{
        Batch: (batch) => (
          <code class="name" title={batch.id}>
            {batch.id}
          </code>
        ),
        State: (batch) => <Badge state={batch.processing_status} />,
        Requests: (batch) => <Counts counts={batch.request_counts} />,
        Created: (batch) => <Time at={batch.created_at} />,
        Expires: (batch) => <Time at={batch.expires_at} isDay />,
        '': (batch) => <Actions batch={batch} query={query} />,
      }}
    />
  )
}

function Counts({ counts }: { counts: MessageBatch['request_counts'] }) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const shown = Object.entries(counts).filter(([, count]) => count > 0)
  return (
    <>
      {formatCount(total)}
      <br />
      <span class="muted small">
        {shown.map(([name, count]) => `${formatCount(count)} ${name}`).join(', ')}
      </span>
    </>
  )
}

function Actions({ batch, query }: { batch: MessageBatch; query: string }) {
  const path = `${consolePath}/batches/${batch.id}`
  if (batch.processing_status !== 'ended') {
    return batch.processing_status === 'canceling' ? null : (
      <form method="post" action={`${path}/cancel?${query}`}>
        <button>Cancel</button>
      </form>
    )
  }
  return (
    <>
      {batch.results_url !== null && (
        <a href={`${path}/results?${query}`} class="button" download>
          Results
        </a>
      )}
      <ConfirmForm
        action={`${path}/delete?${query}`}
        loss="The batch and its results cannot be read again."
        label="Delete this batch"
      />
    </>
  )
}

/** `GET /console/batches/{id}/results`: JSON Lines. */
export async function downloadResults(c: Context<ConsoleEnv>): Promise<Response> {
  const { body } = await send(c, '/results')
  const name = (c.req.param('id') ?? '').replaceAll(/\W/g, '')
  return new Response(body, {
    headers: {
      'content-type': 'application/x-jsonl',
      'content-disposition': `attachment; filename="${name}.jsonl"`,
    },
  })
}

/** `POST /console/batches/{id}/cancel` */
export async function cancelBatch(c: Context<ConsoleEnv>): Promise<Response> {
  await send(c, '/cancel', { method: 'POST' })
  return backTo(c, 'batches')
}

/** `POST /console/batches/{id}/delete` */
export async function deleteBatch(c: Context<ConsoleEnv>): Promise<Response> {
  await send(c, '', { method: 'DELETE' })
  return backTo(c, 'batches')
}

function send(c: Context<ConsoleEnv>, path: string, init?: RequestInit): Promise<Response> {
  const id = encodeURIComponent(c.req.param('id') ?? '')
  return c.get('batches').send(`/${id}${path}?${ownerQuery(c)}`, init)
}
