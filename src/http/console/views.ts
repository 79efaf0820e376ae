/** What pages read of the Admin API. Types only. */
import type { LocatedFault } from '../../catalog/check/locate.ts'
import type { GroupRecord } from '../../keys/groups/record.ts'
import type { KeyView, KeyDetails } from '../../keys/view.ts'
import type { BudgetView, OpenRequestView } from '../../ledger/usage/standing.ts'
import type { LiveLine } from '../../live-log/line.ts'
import type { TargetHealth } from '../../live-log/target-health.ts'
import type { ApiKeyStatus } from '../routes/admin/keys/api-key.ts'
import type { Health } from '../routes/health.ts'

/** A key in a list. */
export interface KeySummaryView extends Omit<KeyView, 'status' | 'last_four'> {
  status: ApiKeyStatus
  partial_key_hint: string
  budgets: BudgetView[]
}

/** A key with its rights, limits and open requests. */
export interface KeyDetailsView extends KeySummaryView, Omit<KeyDetails, keyof KeyView> {
  open_requests: OpenRequestView[]
  group: { id: string; name: string | null; budgets?: BudgetView[] } | null
}

/** A key as its holder sees it. */
export interface OwnKeyView extends Omit<KeyDetailsView, 'open_requests'> {
  available_models: string[]
}

/** A key that was created or rotated, with its new secret. */
export interface MintedKeyView extends KeyDetailsView {
  key: string
}

/** A group in a list. */
export interface GroupView extends Omit<GroupRecord, 'version'> {
  budgets: BudgetView[]
}

/** A group with its keys. */
export interface GroupDetailsView extends GroupView {
  keys: { id: string; name: string; status: string }[]
}

/** A person's key in the list of persons. */
export interface PersonView {
  id: string
  name: string
  status: ApiKeyStatus
  created_at: string | null
  owner?: { issuer: string; email?: string; groups: string[] }
}

/** A session of a person's sign-in. */
export interface PersonSessionView {
  id: string
  created_at: string
  refreshed_at: string
  ends_at: string
  client: { surface: string; agent: string; address: string; country: string }
}

/** The usage of one session of a coding agent. */
export interface SessionUsageView {
  session_id: string
  agent_id: string | null
  first_at: string
  last_at: string
  requests: number
  input_tokens: number
  output_tokens: number
  cost_usd: string
}

/** The usage of one group within a bucket of a report. */
export interface UsageResultView {
  uncached_input_tokens: number
  cache_creation: { ephemeral_1h_input_tokens: number; ephemeral_5m_input_tokens: number }
  cache_read_input_tokens: number
  output_tokens: number
  api_key_id: string | null
  model: string | null
  workspace_id: string | null
  gateway: {
    provider: string | null
    requests: number
    cost_usd: string
    errors: number
    error_types: Record<string, number>
    adaptations: number
  }
}

/** One step of time of a report. */
export interface UsageBucketView {
  starting_at: string
  results: UsageResultView[]
}

/** The result of a check of a catalog: its faults, or what it would change. */
export interface CheckView {
  valid: boolean
  faults: LocatedFault[]
  changes: string[]
  unpriced_models?: string[]
}

/** The catalog entry and targets that a name resolves to. */
export interface ResolutionView {
  model: string
  id: string
  via: 'id' | 'wildcard' | 'alias'
  targets: {
    target: string
    base_url: string
    priority: number
    weight: number | null
    cooldown_until: string | null
    secrets: { name: string; set: boolean }[]
  }[]
}

/** The health of the gateway, as the status page shows it. */
export interface HealthView extends Health {
  live_log: boolean
  bindings: { name: string; purpose: string; present: boolean }[]
  secrets: { name: string; set: boolean; providers: string[] }[]
  targets: ({ target: string; cooldown_until: string | null } & TargetHealth)[]
}

/** A line of the live log with its id. */
export interface RequestLineView {
  id: number
  at: string
  line: LiveLine
}

/** A list without pages. */
export interface ListView<Item> {
  data: Item[]
}

/** A page of a list. */
export interface PageView<Item> extends ListView<Item> {
  has_more: boolean
  last_id: string | null
}
