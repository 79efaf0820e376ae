/** Usage and cost of all keys, as a chart, tables and CSV. */
import type { Context } from 'hono'

import type { Catalog } from '../../../catalog/schema/catalog.ts'
import { consolePath } from '../../console-path.ts'
import type { ConsoleEnv } from '../env.ts'
import { Section } from '../parts/blocks.tsx'
import { Page, respond } from '../parts/document.tsx'
import { Choice } from '../parts/fields.tsx'
import type { Dimension, Measure, Usage, UsageQuery } from '../parts/usage-data.ts'
import { dimensions, measures, readUsage, toCsv } from '../parts/usage-data.ts'
import { Totals, UsageView } from '../parts/usage.tsx'

const spans = { '1': '24 hours', '7': '7 days', '30': '30 days', '90': '90 days' } as const

const dimensionNames: Record<Dimension, string> = {
  model: 'model',
  provider: 'provider',
  api_key_id: 'key',
  workspace_id: 'group',
}

/** `GET /console/usage`, by `days`, `by` and `measure`. */
export async function showUsage(c: Context<ConsoleEnv>): Promise<Response> {
  const { days, by, measure } = readQuery(c)
  const usage = await readUsage(c, { days, by })
  const { total } = usage
  const saved = by === 'model' ? toSavings(usage, await c.get('getCatalog')()) : undefined
  return respond(
    c,
    <Page
      c={c}
      title="Usage"
      actions={
        <a class="button" href={`${consolePath}/usage.csv?days=${days}&by=${by}`} download>
          CSV
        </a>
      }
    >
      <form class="filters" method="get">
        <Choice name="days" label="Last" options={Object.entries(spans)} value={String(days)} />
        <Choice name="by" label="By" options={Object.entries(dimensionNames)} value={by} />
        <Choice name="measure" label="Show" options={measures} value={measure} />
        <button>Show</button>
      </form>
      <Totals total={total} title="Cost" saved={saved} />
      <Section title={`By ${dimensionNames[by]}`}>
        <UsageView usage={usage} measure={measure} />
      </Section>
    </Page>,
  )
}

/** `GET /console/usage.csv` */
export async function downloadUsage(c: Context<ConsoleEnv>): Promise<Response> {
  const { days, by } = readQuery(c)
  const csv = toCsv(await readUsage(c, { days, by }))
  return c.body(csv, 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="usage-${days}d-by-${by}.csv"`,
  })
}

function readQuery(c: Context<ConsoleEnv>): Pick<UsageQuery, 'days' | 'by'> & { measure: Measure } {
  const { days = '', by = '', measure = '' } = c.req.query()
  return {
    days: Object.hasOwn(spans, days) ? Number(days) : 7,
    by: dimensions.find((each) => each === by) ?? 'model',
    measure: measures.find((each) => each === measure) ?? 'cost',
  }
}

/** What cached input would have cost beside what it did cost, in dollars, at today's base prices. */
function toSavings({ series }: Usage, { models }: Catalog): number {
  return series.reduce((sum, { id, total }) => {
    const price = models.find((model) => model.id === id)?.price
    if (price === undefined) {
      return sum
    }
    const { input, cache_read: read = input, cache_write: write = input } = price
    return sum + (total.cacheRead * (input - read) - total.cacheWrite * (write - input)) / 1_000_000
  }, 0)
}
