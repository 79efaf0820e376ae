/** The models that a person may use; for operators also where a name goes. */
import type { Context } from 'hono'

import type { ModelInfo } from '../../../catalog/model-info.ts'
import { toModelInfo } from '../../../catalog/model-info.ts'
import type { CatalogSource } from '../../../catalog/models-list.ts'
import type { Catalog } from '../../../catalog/schema/catalog.ts'
import { mayReadAll } from '../../../keys/record.ts'
import { consolePath } from '../../console-path.ts'
import type { ConsoleEnv } from '../env.ts'
import { DataTable, NoModels, Notice, Section } from '../parts/blocks.tsx'
import { Page, respond } from '../parts/document.tsx'
import { attempt } from '../parts/fault.ts'
import { Field } from '../parts/fields.tsx'
import { Badge, formatCount, Time } from '../parts/format.tsx'
import type { OwnKeyView, ResolutionView } from '../views.ts'

/** `GET /console/models`; `resolve` is a name whose way is shown. */
export async function showModels(c: Context<ConsoleEnv>): Promise<Response> {
  const isReader = mayReadAll(c.get('key'))
  const catalog = await c.get('getCatalog')()
  const source = { catalog, registries: c.get('registries') }
  const { available_models: allowed } = await c.get('api').get<OwnKeyView>('/api_keys/me')
  const listed = catalog.models.filter(
    ({ id, listed: isListed }) =>
      isListed !== false && !id.includes('*') && (isReader || allowed.includes(id)),
  )
  return respond(
    c,
    <Page c={c} title="Models">
      {isReader && (
        <ResolveBox name={c.req.query('resolve') ?? ''} c={c} found={await resolve(c)} />
      )}
      {listed.length === 0 ? (
        <NoModels />
      ) : (
        <ModelTable models={listed.map((model) => toRow(model, source))} isReader={isReader} />
      )}
    </Page>,
  )
}

interface ModelRow {
  info: ModelInfo
  price: Catalog['models'][number]['price']
  targets: string
  aliases: string[]
}

function toRow(model: Catalog['models'][number], source: CatalogSource): ModelRow {
  const { id, targets, price } = model
  return {
    info: toModelInfo({ id, model, targets }, source),
    price: price ?? targets[0]?.price,
    targets: targets.map((target) => `${target.provider}/${target.model}`).join(', then '),
    aliases: Object.entries(source.catalog.aliases ?? {}).flatMap(([alias, to]) =>
      to === id ? [alias] : [],
    ),
  }
}

function ModelTable({ models, isReader }: { models: readonly ModelRow[]; isReader: boolean }) {
  return (
    <DataTable
      caption="Models"
      rows={models}
      columns={{
        Model: ({ info }) => (
          <>
            <code>{info.id}</code> {info.lifecycle !== 'active' && <Badge state={info.lifecycle} />}
          </>
        ),
        'Also called': ({ aliases }) => aliases.join(', '),
        '#Context': ({ info }) => formatLimit(info.max_input_tokens),
        '#Output': ({ info }) => formatLimit(info.max_tokens),
        '#USD per MTok in / out': ({ price }) =>
          price === undefined ? 'unknown' : `${price.input} / ${price.output}`,
        Can: ({ info }) => listAbilities(info),
        ...(isReader && { 'Served by': ({ targets }: ModelRow) => targets }),
      }}
    />
  )
}

function formatLimit(tokens: number | null): string {
  return tokens === null ? '–' : formatCount(tokens)
}

const abilities = {
  thinking: 'thinking',
  image_input: 'images',
  pdf_input: 'PDF',
  structured_outputs: 'structured output',
  server_tools: 'server tools',
  citations: 'citations',
} as const

function listAbilities({ capabilities }: ModelInfo): string {
  if (capabilities === null) {
    return '–'
  }
  const { thinking, image_input, pdf_input, structured_outputs, server_tools, citations } =
    capabilities
  const support = { thinking, image_input, pdf_input, structured_outputs, server_tools, citations }
  const named = Object.entries(support).filter(([, { supported }]) => supported)
  return named.map(([name]) => Reflect.get(abilities, name)).join(', ')
}

type ResolutionResult = { value: ResolutionView } | { fault: string } | undefined

async function resolve(c: Context<ConsoleEnv>): Promise<ResolutionResult> {
  const model = (c.req.query('resolve') ?? '').trim()
  return model === ''
    ? undefined
    : attempt(() => c.get('api').post<ResolutionView>('/resolve', { model }))
}

function ResolveBox({
  name,
  found,
}: {
  c: Context<ConsoleEnv>
  name: string
  found: ResolutionResult
}) {
  return (
    <Section title="Where does a name go?">
      <form method="get" action={`${consolePath}/models`} class="inline">
        <Field
          label="Model name, as a client sends it"
          name="resolve"
          value={name}
          placeholder="claude-sonnet-4-6"
          required
        />
        <button>Resolve</button>
      </form>
      {found !== undefined && 'fault' in found && <Notice tone="bad">{found.fault}</Notice>}
      {found !== undefined && 'value' in found && <Resolution view={found.value} />}
    </Section>
  )
}

function Resolution({ view: { model, id, via, targets } }: { view: ResolutionView }) {
  return (
    <>
      <p>
        <code>{model}</code> is found by {via}, and is <code>{id}</code>. Its targets are tried in
        this order:
      </p>
      <DataTable
        caption="Targets"
        rows={targets}
        columns={{
          Target: (target) => <code>{target.target}</code>,
          Host: (target) => target.base_url,
          '#Priority': (target) => target.priority,
          '#Weight': (target) => target.weight ?? '',
          Secrets: (target) =>
            target.secrets.map(({ name, set }) => (
              <span class={`badge ${set ? 'good' : 'bad'}`}>
                {name} {set ? 'set' : 'missing'}
              </span>
            )),
          State: (target) =>
            target.cooldown_until === null ? (
              'in use'
            ) : (
              <>
                in cooldown until <Time at={target.cooldown_until} />
              </>
            ),
        }}
      />
    </>
  )
}
