/** How the gateway does: what is missing, bindings, secrets by name, targets. */
import type { Context } from 'hono'

import type { ConsoleEnv } from '../env.ts'
import { Notice, Section, Stat, Table } from '../parts/blocks.tsx'
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
      <Table caption="Secrets" columns={['Secret', 'State', 'For']}>
        {rows.map(({ name, set, providers }) => (
          <tr>
            <th scope="row">
              <code>{name}</code>
            </th>
            <td>
              <span class={`badge ${set ? 'good' : 'warn'}`}>{set ? 'set' : 'missing'}</span>
            </td>
            <td>{providers.join(', ')}</td>
          </tr>
        ))}
      </Table>
      {rows.length === 0 && <p class="muted">The catalog needs no secret.</p>}
    </Section>
  )
}

function Bindings({ rows }: { rows: HealthView['bindings'] }) {
  return (
    <Section title="Bindings">
      <Table caption="Bindings" columns={['Binding', 'State', 'For']}>
        {rows.map(({ name, present, purpose }) => (
          <tr>
            <th scope="row">
              <code>{name}</code>
            </th>
            <td>
              <span class={`badge ${present ? 'good' : ''}`}>{present ? 'present' : 'absent'}</span>
            </td>
            <td>{purpose}</td>
          </tr>
        ))}
      </Table>
    </Section>
  )
}

function Targets({ rows }: { rows: HealthView['targets'] }) {
  return (
    <Table
      caption="Targets"
      columns={[
        'Target',
        'State',
        'Last success',
        '#Attempts, 5 min',
        '#Failed',
        '#p50 ms',
        '#p95 ms',
      ]}
    >
      {rows.map((row) => (
        <tr>
          <th scope="row">
            <code>{row.target}</code>
          </th>
          <td>
            <TargetState row={row} />
          </td>
          <td>
            <Time at={row.last_success_at} />
          </td>
          <td class="num">{formatCount(row.attempts_5m)}</td>
          <td class="num">{formatCount(row.failed_5m)}</td>
          <td class="num">{row.p50_ms ?? '–'}</td>
          <td class="num">{row.p95_ms ?? '–'}</td>
        </tr>
      ))}
    </Table>
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
