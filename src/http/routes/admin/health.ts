/** `GET /v1/organizations/health`: what `/health` returns, with bindings, secrets by name, and how targets do. */
import type { Context } from 'hono'

import { toResolvedTarget } from '../../../catalog/resolve/resolved-target.ts'
import type { Config } from '../../../exchange/config.ts'
import type { Services } from '../../../exchange/request/services.ts'
import { listLines } from '../../../live-log/feed.ts'
import { keptLines } from '../../../live-log/line.ts'
import type { TargetHealth } from '../../../live-log/target-health.ts'
import { measureTargets } from '../../../live-log/target-health.ts'
import type { AppEnv } from '../../env.ts'
import { examine } from '../health.ts'
import type { AdminTools } from './tools.ts'

/** The bindings that the gateway uses, and what is missing without them. */
const bindings: Readonly<Record<string, string>> = {
  KEYS: 'keys and groups',
  CATALOG: 'the catalog',
  LEDGER: 'limits, budgets and usage',
  SESSIONS: 'sign-in to the console',
  CATALOG_WRITER: 'serialized changes of the catalog',
  LIVE_LOG: 'live requests (with the variable CONSOLE_LOG)',
  USAGE: 'a data point a request in Analytics Engine',
  AI: 'models of Workers AI',
}

/** Creates the handler. */
export function answerDetails({ services, registries, getCatalog }: AdminTools) {
  return async function getDetails(c: Context<AppEnv>): Promise<Response> {
    const config = c.get('config')
    const health = await examine(config, registries, getCatalog)
    const { catalog } = await getCatalog(config)
    const targets = catalog.models.flatMap((model) =>
      model.targets.map((target) => toResolvedTarget(catalog, registries, model, target)),
    )
    const secrets = new Map<string, Set<string>>()
    for (const { secrets: names, provider } of targets) {
      names.forEach((name) => secrets.set(name, (secrets.get(name) ?? new Set()).add(provider)))
    }
    const measured = await measure(config, services.now())
    const cooldowns = listCooldowns(services)
    const names = new Set([...targets.map(({ name }) => name), ...measured.keys()])
    return c.json({
      ...health,
      live_log: config.liveLog !== undefined,
      bindings: Object.entries(bindings).map(([name, purpose]) => ({
        name,
        purpose,
        present: config.binding(name) !== undefined,
      })),
      secrets: [...secrets].map(([name, providers]) => ({
        name,
        set: config.secret(name) !== undefined,
        providers: [...providers],
      })),
      targets: [...names].map((target) => ({
        target,
        cooldown_until: cooldowns.get(target) ?? null,
        ...(measured.get(target) ?? unmeasured),
      })),
    })
  }
}

const unmeasured: TargetHealth = {
  last_success_at: null,
  attempts_5m: 0,
  failed_5m: 0,
  p50_ms: null,
  p95_ms: null,
}

/** The targets that this isolate has in cooldown, and until when: `<provider>/<model>` → ISO 8601. */
export function listCooldowns({
  cooldowns,
  now,
}: Pick<Services, 'cooldowns' | 'now'>): Map<string, string> {
  return new Map(
    cooldowns
      .list(now())
      // A target with several secrets is in cooldown for each of them by itself.
      .map(({ name, until }) => [name.split(' ')[0] ?? name, new Date(until).toISOString()]),
  )
}

async function measure({ liveLog }: Config, now: number): Promise<Map<string, TargetHealth>> {
  if (liveLog === undefined) {
    return new Map()
  }
  const filter = { after: undefined, key: undefined, status: undefined, text: undefined }
  const lines = await listLines(liveLog, filter, keptLines).catch(() => [])
  return measureTargets(lines, now)
}
