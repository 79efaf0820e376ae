/** Persons and pipelines that sign in, and where they are signed in. */
import type { Context } from 'hono'

import { consolePath } from '../../../console-path.ts'
import type { ConsoleEnv } from '../../env.ts'
import { DataTable, Empty, Section } from '../../parts/blocks.tsx'
import { Page, respond } from '../../parts/document.tsx'
import { readForm } from '../../parts/form.ts'
import { Badge, Time } from '../../parts/format.tsx'
import { mayChange } from '../../parts/rights.ts'
import type { ListView, PersonSessionView, PersonView } from '../../views.ts'

/** `GET /console/people` */
export async function showPeople(c: Context<ConsoleEnv>): Promise<Response> {
  const { data } = await c.get('api').get<ListView<PersonView>>('/people?limit=100')
  return respond(
    c,
    <Page c={c} title="People">
      <DataTable
        caption="People"
        rows={data}
        empty={
          <Empty title="Nobody has signed in yet.">
            <p>
              Who may sign in, and how, is under <code>identity</code> in the{' '}
              <a href={`${consolePath}/catalog`}>catalog</a>.
            </p>
          </Empty>
        }
        columns={{
          Name: ({ id, name }) => <a href={`${consolePath}/people/${id}`}>{name}</a>,
          Status: ({ status }) => <Badge state={status} />,
          Groups: ({ owner }) => owner?.groups.join(', '),
          'Signed in by': ({ owner }) => owner?.issuer,
          Since: ({ created_at }) => created_at !== null && <Time at={created_at} />,
        }}
      />
    </Page>,
  )
}

/** `GET /console/people/{id}` */
export async function showPerson(c: Context<ConsoleEnv>): Promise<Response> {
  const id = c.req.param('id') ?? ''
  const api = c.get('api')
  const [{ name }, { data }] = await Promise.all([
    api.get<{ name: string }>(`/api_keys/${id}`),
    api.get<ListView<PersonSessionView>>(`/people/${id}/sessions`),
  ])
  return respond(
    c,
    <Page c={c} title={name}>
      <Section title="Sessions" note={<a href={`${consolePath}/keys/${id}`}>Limits and usage</a>}>
        <SessionTable c={c} id={id} sessions={data} />
        {mayChange(c) && data.length > 0 && (
          <form method="post" action={`${consolePath}/people/${id}/sign-out`}>
            <button>Sign out everywhere</button>
          </form>
        )}
      </Section>
    </Page>,
  )
}

/** `POST /console/people/{id}/sign-out`: one session, or all. */
export async function signOutPerson(c: Context<ConsoleEnv>): Promise<Response> {
  const id = c.req.param('id') ?? ''
  const { session } = await readForm(c)
  const body = session === undefined ? {} : { session_id: session }
  await c.get('api').post(`/people/${id}/sign_out`, body)
  return c.redirect(`${consolePath}/people/${id}`, 303)
}

function SessionTable({
  c,
  id: personId,
  sessions,
}: {
  c: Context<ConsoleEnv>
  id: string
  sessions: readonly PersonSessionView[]
}) {
  return (
    <DataTable
      caption="Sessions"
      rows={sessions}
      empty={<Empty title="There is no open session." />}
      columns={{
        Program: ({ client }) => (
          <>
            {client.surface || 'unknown'} <span class="muted small">{client.agent}</span>
          </>
        ),
        From: ({ client }) =>
          [client.address, client.country].filter((part) => part !== '').join(', '),
        'Signed in': ({ created_at }) => <Time at={created_at} />,
        Renewed: ({ refreshed_at }) => <Time at={refreshed_at} />,
        Ends: ({ ends_at }) => <Time at={ends_at} />,
        '': ({ id, client }) =>
          mayChange(c) && (
            <form method="post" action={`${consolePath}/people/${personId}/sign-out`}>
              <input type="hidden" name="session" value={id} />
              <button class="quiet" aria-label={`Sign out ${client.surface}`}>
                Sign out
              </button>
            </form>
          ),
      }}
    />
  )
}
