/** The columns that every table of sessions has. */
import { formatCount, Time } from '../parts/format.tsx'
import type { SessionUsageView } from '../views.ts'

/** The columns of tables of sessions, by title. */
export const sessionColumns = {
  Session: (row: SessionUsageView) => <code>{row.session_id.slice(0, 13)}</code>,
  Agent: (row: SessionUsageView) =>
    row.agent_id === null ? '' : <code>{row.agent_id.slice(0, 13)}</code>,
  'Last request': (row: SessionUsageView) => <Time at={row.last_at} />,
  '#Requests': (row: SessionUsageView) => formatCount(row.requests),
}
