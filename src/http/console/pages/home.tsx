/** What is the person's own: budgets, usage, sessions, notices. */
import type { Context } from 'hono'

import { consolePath } from '../../console-path.ts'
import type { ConsoleEnv } from '../env.ts'
import { DataTable, Empty, Facts, Notice, Section } from '../parts/blocks.tsx'
import { Page, respond } from '../parts/document.tsx'
import { Budget, formatCount, formatUsd, Time } from '../parts/format.tsx'
import { readUsage, Totals, UsageView } from '../parts/usage.tsx'
import type { ListView, OwnKeyView, SessionUsageView } from '../views.ts'
import { lastUse } from './keys/keys.tsx'
import { sessionColumns } from './session-columns.tsx'

/** `GET /console` */
export async function showHome(c: Context<ConsoleEnv>): Promise<Response> {
  const api = c.get('api')
  const hasLedgers = c.get('config').ledgers !== undefined
  const [key, usage, sessions] = await Promise.all([
    api.get<OwnKeyView>('/api_keys/me'),
    readUsage(c, { days: 7, by: 'model', isOwn: true }),
    hasLedgers
      ? api.get<ListView<SessionUsageView>>('/api_keys/me/sessions')
      : Promise.resolve({ data: [] }),
  ])
  const budgets = [...key.budgets, ...(key.group?.budgets ?? [])]
  return respond(
    c,
    <Page
      c={c}
      title="Home"
      actions={
        <a class="button primary" href={`${consolePath}/connect`}>
          Connect a client
        </a>
      }
    >
      {c.get('session').method !== 'link' && (
        <Notices view={key} now={c.get('exchange').record.startedAt} />
      )}
      <Totals total={usage.total} title="Spent, 7 days" />
      <div class="columns">
        <Section title="Left of your budgets">
          {budgets.length === 0 && <p class="muted">No budget: your spending is not limited.</p>}
          {budgets.map((budget) => (
            <Budget budget={budget} />
          ))}
        </Section>
        <OwnKey view={key} />
      </div>
      <Section title="Your usage of the last 7 days">
        <UsageView usage={usage} measure="cost" />
      </Section>
      <OwnSessions rows={sessions.data} />
    </Page>,
  )
}

/** Days before the end of a key from which it is announced. */
const announcedDays = 7

function Notices({ view, now }: { view: OwnKeyView; now: number }) {
  const end = view.expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(view.expires_at)
  const reached = view.budgets.find(({ left_usd: remaining }) => remaining <= 0)
  return (
    <>
      {end - now < announcedDays * 86_400_000 && (
        <Notice tone="warn">
          Your key expires <Time at={view.expires_at} />. Ask your operator for a new one.
        </Notice>
      )}
      {reached !== undefined && (
        <Notice tone="bad">
          Your budget per {reached.period} is used up
          {reached.resets_at !== null && (
            <>
              ; it resets <Time at={reached.resets_at} />
            </>
          )}
          .
        </Notice>
      )}
    </>
  )
}

function OwnKey({ view }: { view: OwnKeyView }) {
  const { rpm, itpm, otpm, concurrency } = view.limits
  const limits = [
    rpm === undefined ? '' : `${formatCount(rpm)} requests per minute`,
    itpm === undefined ? '' : `${formatCount(itpm)} input tokens per minute`,
    otpm === undefined ? '' : `${formatCount(otpm)} output tokens per minute`,
    concurrency === undefined ? '' : `${formatCount(concurrency)} requests at once`,
  ].filter((text) => text !== '')
  return (
    <Section title="Your key">
      <Facts
        facts={{
          Name: view.name,
          Key: <code>{view.partial_key_hint}</code>,
          Group: view.group?.name,
          Models: view.available_models.length,
          Limits: limits.length === 0 ? 'none' : limits.join(', '),
          Expires: view.expires_at === null ? 'never' : <Time at={view.expires_at} />,
          'Last used': <Time at={lastUse(view)} />,
        }}
      />
    </Section>
  )
}

function OwnSessions({ rows }: { rows: readonly SessionUsageView[] }) {
  return (
    <Section title="Your latest sessions" note="of Claude Code">
      <DataTable
        caption="Your latest sessions"
        rows={rows.slice(0, 10)}
        empty={<Empty title="No session of Claude Code has used your key yet." />}
        columns={{
          ...sessionColumns,
          '#Cost': (row) => formatUsd(Number(row.cost_usd)),
        }}
      />
    </Section>
  )
}
