/** One key: limits and what is left, usage, sessions, changes. */
import type { Context } from 'hono'

import type { AuditRow } from '../../../../keys/audit.ts'
import { consolePath } from '../../../console-path.ts'
import type { ConsoleEnv } from '../../env.ts'
import { DataTable, Empty, Facts, Notice, Section } from '../../parts/blocks.tsx'
import { Page, respond } from '../../parts/document.tsx'
import { attempt } from '../../parts/fault.ts'
import { Choice, ConfirmForm, Field } from '../../parts/fields.tsx'
import { readFields } from '../../parts/form.ts'
import { Badge, Budget, formatCount, formatUsd, Time } from '../../parts/format.tsx'
import { LimitFields, readLimitFields } from '../../parts/limits-form.tsx'
import { listModelIds } from '../../parts/model-ids.ts'
import { mayChange } from '../../parts/rights.ts'
import { readUsage, UsageView } from '../../parts/usage.tsx'
import type { KeyDetailsView, ListView, MintedKeyView, SessionUsageView } from '../../views.ts'
import { sessionColumns } from '../session-columns.tsx'
import { lastUse } from './keys.tsx'
import { showSecret } from './secret.tsx'

/** `GET /console/keys/{id}` */
export async function showKey(c: Context<ConsoleEnv>): Promise<Response> {
  return showPage(c, undefined)
}

/** `POST /console/keys/{id}`: models, limits, name. */
export async function updateKey(c: Context<ConsoleEnv>): Promise<Response> {
  const form = await readFields(c)
  const name = (form.get('name') ?? '').trim()
  return change(c, '', { ...(name === '' ? {} : { name }), ...readLimitFields(form) })
}

/** `POST /console/keys/{id}/status` of `active`, `inactive` or `archived`. */
export async function setKeyStatus(c: Context<ConsoleEnv>): Promise<Response> {
  const form = await readFields(c)
  return change(c, '', { status: form.get('status') })
}

/** `POST /console/keys/{id}/rotate`: the answer alone has the secret. */
export async function rotateKey(c: Context<ConsoleEnv>): Promise<Response> {
  const form = await readFields(c)
  const grace_seconds = Number(form.get('grace') ?? 0)
  const rotated = await attempt(() =>
    c.get('api').post<MintedKeyView>(`/api_keys/${idOf(c)}/rotate`, { grace_seconds }),
  )
  return 'fault' in rotated
    ? showPage(c, rotated.fault)
    : showSecret(c, rotated.value, 'Key rotated')
}

async function change(c: Context<ConsoleEnv>, path: string, body: object): Promise<Response> {
  const id = idOf(c)
  const changed = await attempt(() => c.get('api').post(`/api_keys/${id}${path}`, body))
  return 'fault' in changed
    ? showPage(c, changed.fault)
    : c.redirect(`${consolePath}/keys/${id}`, 303)
}

function idOf(c: Context<ConsoleEnv>): string {
  return encodeURIComponent(c.req.param('id') ?? '')
}

async function showPage(c: Context<ConsoleEnv>, fault: string | undefined): Promise<Response> {
  const api = c.get('api')
  const id = idOf(c)
  const [key, sessions, audit, usage, known] = await Promise.all([
    api.get<KeyDetailsView>(`/api_keys/${id}`),
    api.get<ListView<SessionUsageView>>(`/api_keys/${id}/sessions`),
    api.get<ListView<AuditRow>>(`/api_keys/${id}/audit`),
    readUsage(c, { days: 30, by: 'model', filter: { 'api_key_ids[]': id } }),
    listModelIds(c),
  ])
  return respond(
    c,
    <Page c={c} title={key.name} actions={<Badge state={key.status} />}>
      {fault !== undefined && <Notice tone="bad">{fault}</Notice>}
      <div class="columns">
        <About view={key} />
        <Budgets view={key} />
      </div>
      {mayChange(c) && key.status !== 'archived' && <Actions view={key} />}
      <Section title="Usage of the last 30 days">
        <UsageView usage={usage} measure="cost" />
      </Section>
      <Sessions rows={sessions.data} />
      {mayChange(c) && key.status !== 'archived' && (
        <Section title="Models and limits">
          <form method="post" action={`${consolePath}/keys/${key.id}`} class="form">
            <Field label="Name" name="name" value={key.name} required maxlength={100} />
            <LimitFields known={known} models={key.models} limits={key.limits} />
            <button class="primary">Save</button>
          </form>
        </Section>
      )}
      <Changes rows={audit.data} />
    </Page>,
    fault === undefined ? 200 : 400,
  )
}

function Budgets({ view }: { view: KeyDetailsView }) {
  return (
    <Section title="Budgets">
      {view.budgets.length === 0 && <p class="muted">No budget: spending is not limited.</p>}
      {view.budgets.map((budget) => (
        <Budget budget={budget} />
      ))}
      {(view.group?.budgets ?? []).map((budget) => (
        <>
          <p class="muted small">of the group {view.group?.name}</p>
          <Budget budget={budget} />
        </>
      ))}
    </Section>
  )
}

function About({ view }: { view: KeyDetailsView }) {
  const { group } = view
  return (
    <Section title="Key">
      <Facts
        facts={{
          Key: <code>{view.partial_key_hint}</code>,
          Owner: view.metadata['owner'] ?? '–',
          Group:
            group === null ? '–' : <a href={`${consolePath}/groups/${group.id}`}>{group.name}</a>,
          Scopes: view.scopes.join(', '),
          Created: <Time at={view.created_at} />,
          Expires: view.expires_at === null ? 'never' : <Time at={view.expires_at} />,
          'Last used': <Time at={lastUse(view)} />,
          'In flight': view.open_requests.length,
        }}
      />
    </Section>
  )
}

const graces = [
  ['0', 'no longer'],
  ['3600', 'one hour'],
  ['86400', 'one day'],
  ['604800', 'seven days'],
] as const

function Actions({ view: { id, status } }: { view: KeyDetailsView }) {
  const path = `${consolePath}/keys/${id}`
  return (
    <div class="actions wide">
      <form method="post" action={`${path}/rotate`} class="inline">
        <Choice label="Old secret valid for" name="grace" options={graces} value="86400" />
        <button>Rotate</button>
      </form>
      <form method="post" action={`${path}/status`}>
        <input type="hidden" name="status" value={status === 'inactive' ? 'active' : 'inactive'} />
        <button>{status === 'inactive' ? 'Enable' : 'Disable'}</button>
      </form>
      <ConfirmForm
        action={`${path}/status`}
        verb="Revoke"
        status="archived"
        loss="All secrets of this key stop working, and cannot be made valid again."
        label="Revoke this key"
      />
    </div>
  )
}

function Sessions({ rows }: { rows: readonly SessionUsageView[] }) {
  return (
    <Section title="Sessions and agents" note="of Claude Code, the latest first">
      <DataTable
        caption="Sessions and agents"
        rows={rows.slice(0, 50)}
        empty={<Empty title="No session has used this key yet." />}
        columns={{
          ...sessionColumns,
          '#Input': (row) => formatCount(row.input_tokens),
          '#Output': (row) => formatCount(row.output_tokens),
          '#Cost': (row) => formatUsd(Number(row.cost_usd)),
        }}
      />
    </Section>
  )
}

/** The rows of an audit log, newest first. */
export function Changes({ rows }: { rows: readonly AuditRow[] }) {
  return (
    <Section title="Changes" note="the last 50">
      <DataTable
        caption="Changes"
        rows={rows.toReversed()}
        columns={{
          When: ({ at }) => <Time at={at} />,
          Who: ({ actor }) => actor,
          What: ({ action }) => action,
          Fields: ({ changes }) => <code class="wrap">{Object.keys(changes).join(', ')}</code>,
        }}
      />
    </Section>
  )
}
