/** `npm start -- --example-data`: groups, keys and a month of usage, to see what the console shows. */
import { makeGroup } from '../../keys/groups/change.ts'
import { createKey } from '../../keys/store.ts'
import type { KeyFields } from '../../keys/store.ts'
import { columnsOf } from '../../ledger/storage/tables.ts'
import { toHead } from '../../ledger/transfer.ts'
import { append } from '../../platform/append.ts'
import type { KeyValue } from '../../platform/key-value.ts'
import { createGatewayApi } from '../keys/access/admin-api.ts'
import { UserError } from '../platform/run-command.ts'

interface Person {
  name: string
  group: string
  /** Requests on a working day. */
  requests: number
  usd: number
}

const people: readonly Person[] = [
  { name: 'ada', group: 'research', requests: 180, usd: 150 },
  { name: 'grace', group: 'research', requests: 120, usd: 100 },
  { name: 'linus', group: 'platform', requests: 240, usd: 200 },
  { name: 'margaret', group: 'platform', requests: 90, usd: 60 },
  { name: 'ci', group: 'platform', requests: 400, usd: 80 },
]

/** Models of the examples, with their shares of the requests and the cost of a request in USD. */
const models = [
  { id: 'claude-sonnet-4-6', provider: 'anthropic', share: 0.55, usd: 0.021 },
  { id: 'claude-haiku-4-5', provider: 'anthropic', share: 0.25, usd: 0.004 },
  { id: 'gpt-5.6', provider: 'openai', share: 0.14, usd: 0.016 },
  { id: 'qwen3-coder', provider: 'openrouter', share: 0.06, usd: 0.002 },
] as const

const hourMs = 3_600_000
const days = 30

/** Writes the data through the gateway's own commands and Admin API; `adminKey` is of an operator. */
export async function writeExampleData(
  kv: KeyValue,
  { url, adminKey, now }: { url: string; adminKey: string; now: Date },
): Promise<void> {
  const groups = new Map<string, string>()
  for (const name of new Set(people.map(({ group }) => group))) {
    const limits = { budgets: [{ usd: 500, period: 'month' as const }] }
    const made = await makeGroup(kv, { name, limits }, { now, actor: 'example' })
    if ('fault' in made) {
      throw new UserError(`${made.fault} The state already has example data: start without it.`)
    }
    groups.set(name, made.group.id)
  }
  const lines: object[] = []
  for (const person of people) {
    const { record } = await createKey(kv, toFields(person, groups), { now, actor: 'example' })
    append(lines, toUsage({ key: record.id, group: record.group_id ?? '' }, person, now))
  }
  const { call } = createGatewayApi({ url, key: adminKey })
  await call('POST', '/import', { head: toHead(now), lines })
}

function toFields({ name, group, usd }: Person, groups: ReadonlyMap<string, string>): KeyFields {
  return {
    name,
    expires_at: null,
    models: ['*'],
    scopes: ['inference'],
    limits: { budgets: [{ usd, period: 'month' }], rpm: 60 },
    metadata: { owner: `${name}@example.com` },
    group_id: groups.get(group),
  }
}

/** Rows of the tables of a key's ledger, as an export has them, and what its group spends with it. */
function toUsage(
  { key, group }: { key: string; group: string },
  person: Person,
  now: Date,
): object[] {
  const random = createRandom(person.name)
  const end = Math.floor(now.getTime() / hourMs)
  const usage: (string | number)[][] = []
  const spend = new Map<number, number>()
  for (let hour = end - days * 24; hour <= end; hour += 1) {
    for (const model of models) {
      const requests = Math.round(person.requests * model.share * toActivity(hour) * random() * 2)
      if (requests > 0) {
        const row = toRow(hour, model, { requests, vary: 0.6 + random() * 0.8 })
        usage.push(row.columns)
        const day = Math.floor(hour / 24)
        spend.set(day, (spend.get(day) ?? 0) + row.cost)
      }
    }
  }
  const spent = [...spend].map(([day, cost]) => ['', day, cost])
  return [
    toTable(key, 'usage', usage),
    toTable(key, 'spend_by_scope', spent),
    toTable(key, 'memberships', [[end - days * 24, group]]),
    // Rows of one day are not added up, so that a group shows what its largest key has spent.
    toTable(`group:${group}`, 'spend_by_scope', spent),
    toTable(key, 'sessions', toSessions({ random, now })),
  ]
}

function toTable(ledger: string, table: string, rows: readonly (string | number)[][]): object {
  return { type: 'usage', ledger, table, columns: columnsOf(table), rows }
}

function toRow(
  hour: number,
  { id, provider, usd }: (typeof models)[number],
  { requests, vary }: { requests: number; vary: number },
): { columns: (string | number)[]; cost: number } {
  const cost = Math.round(requests * usd * vary * 1e9)
  const count = (each: number): number => Math.round(requests * each * vary)
  const tokens = [count(900), count(420), count(14_000), count(1200), 0, 0, count(80)]
  const rest = [Math.floor(requests / 60), Math.floor(requests / 9), 0]
  return { columns: [hour, id, provider, requests, ...tokens, cost, ...rest], cost }
}

/** The share of a day's requests in an hour: working days, from 7 to 18 UTC. */
function toActivity(hour: number): number {
  const [ofDay, weekday] = [hour % 24, (Math.floor(hour / 24) + 4) % 7]
  const isWork = ofDay >= 7 && ofDay <= 18
  return (weekday === 0 || weekday === 6 ? 0.1 : 1) * (isWork ? 0.08 : 0.003)
}

function toSessions({ random, now }: { random: () => number; now: Date }): (string | number)[][] {
  return Array.from({ length: 6 }, (_, at) => {
    const [last, requests] = [now.getTime() - at * 5 * hourMs, 5 + Math.round(random() * 60)]
    const id = `${Math.floor(random() * 0xffffffff)
      .toString(16)
      .padStart(8, '0')}-4c1e-4a77-9b1d-0d6f`
    const first = last - Math.round(random() * hourMs)
    return [id, '', first, last, requests, requests * 900, requests * 420, requests * 19_000_000]
  })
}

/** Numbers from 0 to 1 that are the same at each start (mulberry32). */
function createRandom(seed: string): () => number {
  let state = 7
  for (const character of seed) {
    state = (state * 31 + (character.codePointAt(0) ?? 0)) | 0
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
