/** The list of keys, and the form for a new one. */
import type { Context } from 'hono'

import { consolePath } from '../../../console-path.ts'
import type { ConsoleEnv } from '../../env.ts'
import { DataTable, Empty, Notice, Section } from '../../parts/blocks.tsx'
import { Page, respond } from '../../parts/document.tsx'
import { attempt } from '../../parts/fault.ts'
import { Choice, Field } from '../../parts/fields.tsx'
import { readFields } from '../../parts/form.ts'
import { Badge, BudgetCell, Time } from '../../parts/format.tsx'
import { LimitFields, readLimitFields } from '../../parts/limits-form.tsx'
import { listModelIds } from '../../parts/model-ids.ts'
import { mayChange } from '../../parts/rights.ts'
import type { GroupView, KeySummaryView, ListView, MintedKeyView, PageView } from '../../views.ts'
import { showSecret } from './secret.tsx'

/** `GET /console/keys`, filtered by `status` and `group`. */
export async function showKeys(c: Context<ConsoleEnv>): Promise<Response> {
  const api = c.get('api')
  const { status = '', group = '', after = '' } = c.req.query()
  const filter = Object.entries({ status, group_id: group, after_id: after })
  const query = new URLSearchParams(filter.filter(([, value]) => value !== ''))
  const [keys, groups] = await Promise.all([
    api.get<PageView<KeySummaryView>>(`/api_keys?limit=100&${query.toString()}`),
    api.get<ListView<GroupView>>('/groups?limit=100'),
  ])
  return respond(
    c,
    <Page c={c} title="Keys" actions={mayChange(c) && <NewLink path="keys" label="New key" />}>
      <Filters status={status} group={group} groups={groups.data} />
      <KeyTable keys={keys.data} groups={groups.data} />
      {keys.has_more && (
        <p>
          <a href={`?${toMore({ status, group, after: keys.last_id ?? '' })}`}>More keys</a>
        </p>
      )}
    </Page>,
  )
}

function toMore(query: Record<string, string>): string {
  return new URLSearchParams(query).toString()
}

interface FilterProps {
  status: string
  group: string
  groups: readonly GroupView[]
}

function Filters({ status, group, groups }: FilterProps) {
  return (
    <form class="filters" method="get">
      <Choice label="Status" name="status" options={statuses} value={status} />
      <Choice
        label="Group"
        name="group"
        options={[['', 'all'], ...toOptions(groups)]}
        value={group}
      />
      <button>Filter</button>
    </form>
  )
}

const statuses = [
  ['', 'all'],
  'active',
  ['inactive', 'disabled'],
  ['archived', 'revoked'],
  'expired',
] as const

function toOptions(groups: readonly GroupView[]) {
  return groups.map(({ id, name }) => [id, name] as const)
}

/** The button that leads to the form for a new key or group. */
export function NewLink({ path, label }: { path: string; label: string }) {
  return (
    <a class="button primary" href={`${consolePath}/${path}/new`}>
      {label}
    </a>
  )
}

function KeyTable({
  keys,
  groups,
}: {
  keys: readonly KeySummaryView[]
  groups: readonly GroupView[]
}) {
  const names = new Map(groups.map(({ id, name }) => [id, name]))
  return (
    <DataTable
      caption="Keys"
      rows={keys}
      empty={
        <Empty title="No key matches.">
          <p>A key is what a client sends. Make one for each person, program or team.</p>
        </Empty>
      }
      columns={{
        Name: (key) => (
          <a href={`${consolePath}/keys/${key.id}`} class="name" title={key.name}>
            {key.name}
          </a>
        ),
        Key: (key) => <code>{key.partial_key_hint}</code>,
        Group: (key) => (key.group_id === null ? '' : (names.get(key.group_id) ?? key.group_id)),
        Status: (key) => <Badge state={key.status} />,
        Spent: (key) => <BudgetCell budgets={key.budgets} />,
        'Last used': (key) => <Time at={lastUse(key)} isDay />,
        Expires: (key) => (key.expires_at === null ? 'never' : <Time at={key.expires_at} isDay />),
      }}
    />
  )
}

/** When any secret of a key was last used. */
export function lastUse({ secrets }: Pick<KeySummaryView, 'secrets'>): string | null {
  return secrets.reduce<string | null>(
    (latest, { last_used_at: at }) =>
      at !== null && (latest === null || at > latest) ? at : latest,
    null,
  )
}

/** `GET /console/keys/new` */
export async function showNewKey(c: Context<ConsoleEnv>): Promise<Response> {
  return showForm(c, undefined)
}

/** `POST /console/keys`: the answer alone has the secret. */
export async function createKey(c: Context<ConsoleEnv>): Promise<Response> {
  const form = await readFields(c)
  const days = Number(form.get('expires') ?? '')
  const group = form.get('group') ?? ''
  const scope = form.get('scope') ?? 'inference'
  const owner = (form.get('owner') ?? '').trim()
  const made = await attempt(() =>
    c.get('api').post<MintedKeyView>('/api_keys', {
      name: (form.get('name') ?? '').trim(),
      scopes: scope === 'admin' ? ['admin', 'inference'] : [scope],
      group_id: group === '' ? null : group,
      expires_at: days > 0 ? new Date(nowOf(c) + days * 86_400_000).toISOString() : null,
      ...(owner === '' ? {} : { metadata: { owner } }),
      ...readLimitFields(form),
    }),
  )
  return 'fault' in made ? showForm(c, made.fault) : showSecret(c, made.value, 'Key created')
}

/** When the request arrived, in epoch milliseconds. */
function nowOf(c: Context<ConsoleEnv>): number {
  return c.get('exchange').record.startedAt
}

async function showForm(c: Context<ConsoleEnv>, fault: string | undefined): Promise<Response> {
  const [groups, known] = await Promise.all([
    c.get('api').get<ListView<GroupView>>('/groups?limit=100'),
    listModelIds(c),
  ])
  return respond(
    c,
    <Page c={c} title="New key">
      {fault !== undefined && <Notice tone="bad">{fault}</Notice>}
      <Section title="A key for one person, program or team">
        <form method="post" action={`${consolePath}/keys`} class="form">
          <KeyFields groups={groups.data} />
          <LimitFields known={known} models={['*']} limits={{}} />
          <button class="primary">Create key</button>
        </form>
      </Section>
    </Page>,
    fault === undefined ? 200 : 400,
  )
}

const lifetimes = [
  ['', 'never'],
  ['1', 'in 1 day'],
  ['7', 'in 7 days'],
  ['30', 'in 30 days'],
  ['90', 'in 90 days'],
  ['365', 'in 365 days'],
] as const

const scopes = [
  ['inference', 'use models'],
  ['read', 'see all pages, and change nothing (viewer)'],
  ['admin', 'use models, and operate the gateway'],
] as const

function KeyFields({ groups }: { groups: readonly GroupView[] }) {
  return (
    <div class="fields">
      <Field label="Name" name="name" required maxlength={100} placeholder="ada-laptop" />
      <Field label="Owner" name="owner" placeholder="optional, such as an e-mail address" />
      <Choice label="Group" name="group" options={[['', 'none'], ...toOptions(groups)]} />
      <Choice label="Expires" name="expires" options={lifetimes} value="90" />
      <Choice label="May" name="scope" options={scopes} />
    </div>
  )
}
