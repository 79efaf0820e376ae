/** How the gateway does: what is missing, bindings, secrets by name, targets. */
import type { Context } from 'hono'

import type { ConsoleEnv } from '../env.ts'
import { DataTable, Notice, Section, Stat } from '../parts/blocks.tsx'
import { Page, respond } from '../parts/document.tsx'
import { Badge, formatCount, Time } from '../parts/format.tsx'
import type { HealthView } from '../views.ts'

/** `GET /console/health` */
export async function showHealth(c: Context<ConsoleEnv>): Promise<Response> {
  const health = await c.get('api').get<HealthView>('/health')
  return respond(
    c,
    <Page c={c} title="Health" actions={<Badge state={health.status} />}>
      {health.missing.map((sentence) => (
        <Notice tone="warn">{sentence}</Notice>
      ))}
      <dl class="stats">
        <Stat label="Version" value={health.version} />
        <Stat label="Catalog" value={health.catalog === 'kv' ? 'in KV' : 'built in'} />
        <Stat label="Live requests" value={health.live_log ? 'on' : 'off'} />
      </dl>
      <Section
        title="Targets"
        note={
          health.live_log ? 'by the latest requests' : 'figures need the live log (CONSOLE_LOG)'
        }
      >
        <Targets rows={health.targets} />
      </Section>
      <div class="columns">
        <Secrets rows={health.secrets} />
        <Bindings rows={health.bindings} />
      </div>
    </Page>,
  )
}

function Secrets({ rows }: { rows: HealthView['secrets'] }) {
  return (
    <Section title="Secrets" note="names only">
      <DataTable
        caption="Secrets"
        rows={rows}
        columns={{
          Secret: ({ name }) => <code>{name}</code>,
          State: ({ set }) => (
            <span class={`badge ${set ? 'good' : 'warn'}`}>{set ? 'set' : 'missing'}</span>
          ),
          For: ({ providers }) => providers.join(', '),
        }}
      />
      {rows.length === 0 && <p class="muted">The catalog needs no secret.</p>}
    </Section>
  )
}

function Bindings({ rows }: { rows: HealthView['bindings'] }) {
  return (
    <Section title="Bindings">
      <DataTable
        caption="Bindings"
        rows={rows}
        columns={{
          Binding: ({ name }) => <code>{name}</code>,
          State: ({ present }) => (
            <span class={`badge ${present ? 'good' : ''}`}>{present ? 'present' : 'absent'}</span>
          ),
          For: ({ purpose }) => purpose,
        }}
      />
    </Section>
  )
}

function Targets({ rows }: { rows: HealthView['targets'] }) {
  return (
    <DataTable
      caption="Targets"
      rows={rows}
      columns={{
        Target: (row) => <code>{row.target}</code>,
        State: (row) => <TargetState row={row} />,
        'Last success': (row) => <Time at={row.last_success_at} />,
        '#Attempts, 5 min': (row) => formatCount(row.attempts_5m),
        '#Failed': (row) => formatCount(row.failed_5m),
        '#p50 ms': (row) => row.p50_ms ?? '–',
        '#p95 ms': (row) => row.p95_ms ?? '–',
      }}
    />
  )
}

function TargetState({ row }: { row: HealthView['targets'][number] }) {
  if (row.cooldown_until !== null) {
    return <span class="badge warn">cooldown</span>
  }
  if (row.failed_5m > 0) {
    return <span class="badge warn">failing</span>
  }
  return row.last_success_at === null ? (
    <span class="badge">unused</span>
  ) : (
    <span class="badge good">ok</span>
  )
}
