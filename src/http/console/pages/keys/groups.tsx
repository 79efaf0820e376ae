/** Groups: keys that share models, limits and budgets. */
import type { Context } from 'hono'

import type { AuditRow } from '../../../../keys/audit.ts'
import { consolePath } from '../../../console-path.ts'
import type { ConsoleEnv } from '../../env.ts'
import { DataTable, Empty, Notice, Section } from '../../parts/blocks.tsx'
import { Page, respond } from '../../parts/document.tsx'
import { attempt } from '../../parts/fault.ts'
import { ConfirmForm, Field } from '../../parts/fields.tsx'
import { readFields } from '../../parts/form.ts'
import { Badge, Budget, BudgetCell, Time } from '../../parts/format.tsx'
import { LimitFields, readLimitFields } from '../../parts/limits-form.tsx'
import { listModelIds } from '../../parts/model-ids.ts'
import { mayChange } from '../../parts/rights.ts'
import { readUsage, UsageView } from '../../parts/usage.tsx'
import type { GroupDetailsView, GroupView, ListView } from '../../views.ts'
import { Changes } from './key.tsx'
import { NewLink } from './keys.tsx'

/** `GET /console/groups` */
export async function showGroups(c: Context<ConsoleEnv>): Promise<Response> {
  const { data } = await c.get('api').get<ListView<GroupView>>('/groups?limit=100')
  return respond(
    c,
    <Page
      c={c}
      title="Groups"
      actions={mayChange(c) && <NewLink path="groups" label="New group" />}
    >
      <DataTable
        caption="Groups"
        rows={data}
        empty={
          <Empty title="There is no group yet.">
            <p>
              Keys of a group share its models, limits and budgets: one for each team, for example.
            </p>
          </Empty>
        }
        columns={{
          Name: (group) => <a href={`${consolePath}/groups/${group.id}`}>{group.name}</a>,
          Status: (group) => <Badge state={group.status} />,
          Models: (group) => group.models.join(', '),
          Spent: (group) => <BudgetCell budgets={group.budgets} />,
          Created: (group) => <Time at={group.created_at} />,
        }}
      />
    </Page>,
  )
}

/** `GET /console/groups/new` */
export async function showNewGroup(c: Context<ConsoleEnv>): Promise<Response> {
  return showForm(c, undefined)
}

/** `POST /console/groups` */
export async function createGroup(c: Context<ConsoleEnv>): Promise<Response> {
  const form = await readFields(c)
  const body = { name: (form.get('name') ?? '').trim(), ...readLimitFields(form) }
  const made = await attempt(() => c.get('api').post<GroupView>('/groups', body))
  return 'fault' in made
    ? showForm(c, made.fault)
    : c.redirect(`${consolePath}/groups/${made.value.id}`, 303)
}

async function showForm(c: Context<ConsoleEnv>, fault: string | undefined): Promise<Response> {
  const known = await listModelIds(c)
  return respond(
    c,
    <Page c={c} title="New group">
      {fault !== undefined && <Notice tone="bad">{fault}</Notice>}
      <Section title="Keys that share models, limits and budgets">
        <form method="post" action={`${consolePath}/groups`} class="form">
          <Field label="Name" name="name" required maxlength={100} placeholder="research" />
          <LimitFields known={known} models={['*']} limits={{}} />
          <button class="primary">Create group</button>
        </form>
      </Section>
    </Page>,
    fault === undefined ? 200 : 400,
  )
}

/** `GET /console/groups/{id}` */
export async function showGroup(c: Context<ConsoleEnv>): Promise<Response> {
  return showPage(c, undefined)
}

/** `POST /console/groups/{id}`: name, models, limits, or `status`. */
export async function updateGroup(c: Context<ConsoleEnv>): Promise<Response> {
  const form = await readFields(c)
  const name = (form.get('name') ?? '').trim()
  const status = form.get('status')
  const body =
    status === null ? { ...(name === '' ? {} : { name }), ...readLimitFields(form) } : { status }
  const id = encodeURIComponent(c.req.param('id') ?? '')
  const changed = await attempt(() =>
    c
      .get('api')
      .post(
        `/groups/${id}${status === 'deleted' ? '/delete' : ''}`,
        status === 'deleted' ? {} : body,
      ),
  )
  return 'fault' in changed
    ? showPage(c, changed.fault)
    : c.redirect(`${consolePath}/groups/${id}`, 303)
}

async function showPage(c: Context<ConsoleEnv>, fault: string | undefined): Promise<Response> {
  const api = c.get('api')
  const id = encodeURIComponent(c.req.param('id') ?? '')
  const [group, audit, usage, known] = await Promise.all([
    api.get<GroupDetailsView>(`/groups/${id}`),
    api.get<ListView<AuditRow>>(`/groups/${id}/audit`),
    readUsage(c, { days: 30, by: 'api_key_id', filter: { 'workspace_ids[]': id } }),
    listModelIds(c),
  ])
  const isOpen = mayChange(c) && group.status !== 'deleted'
  return respond(
    c,
    <Page c={c} title={group.name} actions={<Badge state={group.status} />}>
      {fault !== undefined && <Notice tone="bad">{fault}</Notice>}
      <div class="columns">
        <Members keys={group.keys} />
        <Section title="Budgets">
          {group.budgets.length === 0 && <p class="muted">No budget: spending is not limited.</p>}
          {group.budgets.map((budget) => (
            <Budget budget={budget} />
          ))}
        </Section>
      </div>
      <Section title="Usage of the last 30 days">
        <UsageView usage={usage} measure="cost" />
      </Section>
      {isOpen && (
        <Section title="Models and limits">
          <form method="post" action={`${consolePath}/groups/${id}`} class="form">
            <Field label="Name" name="name" value={group.name} required maxlength={100} />
            <LimitFields known={known} models={group.models} limits={group.limits} />
            <button class="primary">Save</button>
          </form>
        </Section>
      )}
      {isOpen && <Actions id={id} status={group.status} />}
      <Changes rows={audit.data} />
    </Page>,
    fault === undefined ? 200 : 400,
  )
}

function Members({ keys }: Pick<GroupDetailsView, 'keys'>) {
  return (
    <Section title="Keys" note={`${keys.length}`}>
      {keys.length === 0 ? (
        <Empty title="No key belongs to this group yet." />
      ) : (
        <ul class="plain">
          {keys.map(({ id: keyId, name, status }) => (
            <li>
              <a href={`${consolePath}/keys/${keyId}`}>{name}</a> <Badge state={status} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Actions({ id, status }: { id: string; status: GroupView['status'] }) {
  const path = `${consolePath}/groups/${id}`
  return (
    <div class="actions wide">
      <form method="post" action={path}>
        <input type="hidden" name="status" value={status === 'active' ? 'disabled' : 'active'} />
        <button>{status === 'active' ? 'Disable' : 'Enable'}</button>
      </form>
      <ConfirmForm
        action={path}
        status="deleted"
        loss="A group can be deleted once it has no keys."
        label="Delete this group"
      />
    </div>
  )
}
