/** The catalog: editor, check, differences, push, versions. */
import type { Context } from 'hono'

import type { CatalogVersion } from '../../../catalog/versions/versions.ts'
import { consolePath } from '../../console-path.ts'
import type { ConsoleEnv } from '../env.ts'
import { DataTable, Empty, Notice, Section } from '../parts/blocks.tsx'
import { Page, respond } from '../parts/document.tsx'
import { attempt } from '../parts/fault.ts'
import { readForm } from '../parts/form.ts'
import { Time } from '../parts/format.tsx'
import { mayChange } from '../parts/rights.ts'
import type { CheckView, ListView } from '../views.ts'

interface Draft {
  text: string
  /** The ETag of the catalog from which the draft began. */
  etag: string
  note: string
}

/** `GET /console/catalog` */
export async function showCatalog(c: Context<ConsoleEnv>): Promise<Response> {
  const served = await readCatalog(c)
  const pushed = c.req.query('pushed')
  const done =
    pushed === undefined
      ? undefined
      : `Version ${pushed} is written. It takes effect everywhere within about two minutes.`
  return showEditor(c, { draft: { ...served, note: '' }, served: served.text, done })
}

/** `POST /console/catalog`: checks the draft, and with `act` `push` writes it. */
export async function changeCatalog(c: Context<ConsoleEnv>): Promise<Response> {
  const { text = '', etag = '', note = '', act } = await readForm(c)
  // Browsers send the lines of a form's text with CR LF.
  const draft = { text: text.replaceAll('\r\n', '\n'), etag, note }
  if (act !== 'push') {
    const check = await checkText(c, draft.text)
    return showEditor(c, { draft, check, served: (await readCatalog(c)).text })
  }
  const path = `/catalog?note=${encodeURIComponent(note)}`
  const pushed = await attempt(async () => {
    const headers = { 'if-match': etag }
    const response = await c.get('api').send(path, { method: 'PUT', headers, body: draft.text })
    return response.json<CatalogVersion>()
  })
  if ('value' in pushed) {
    return c.redirect(`${consolePath}/catalog?pushed=${pushed.value.number}`, 303)
  }
  const check = await checkText(c, draft.text)
  return showEditor(c, { draft, check, fault: pushed.fault, served: (await readCatalog(c)).text })
}

/** `POST /console/catalog/rollback` of a version's `number`. */
export async function rollBackCatalog(c: Context<ConsoleEnv>): Promise<Response> {
  const { number = '' } = await readForm(c)
  const back = await attempt(() =>
    c.get('api').post<CatalogVersion>('/catalog/rollback', { number: Number(number) }),
  )
  if ('value' in back) {
    return c.redirect(`${consolePath}/catalog?pushed=${back.value.number}`, 303)
  }
  const served = await readCatalog(c)
  return showEditor(c, { draft: { ...served, note: '' }, served: served.text, fault: back.fault })
}

/** `GET /console/catalog/versions/{number}` */
export async function showVersion(c: Context<ConsoleEnv>): Promise<Response> {
  const number = Number(c.req.param('number'))
  const [version, served] = await Promise.all([
    c.get('api').send(`/catalog/versions/${number}`),
    readCatalog(c),
  ])
  const text = await version.text()
  return respond(
    c,
    <Page c={c} title={`Catalog, version ${number}`}>
      <Section title="Differences" note="from the catalog of now to this version">
        <div data-island="diff" data-before={served.text} data-after={text}>
          <p class="muted">The differences need scripts; the text is below.</p>
        </div>
      </Section>
      {mayChange(c) && (
        <form method="post" action={`${consolePath}/catalog/rollback`} class="actions wide">
          <input type="hidden" name="number" value={String(number)} />
          <button class="primary">Roll back to this version</button>
        </form>
      )}
      <Section title="Text">
        <pre tabindex={0} aria-label={`Text of version ${number}`}>
          <code>{text}</code>
        </pre>
      </Section>
    </Page>,
  )
}

async function readCatalog(c: Context<ConsoleEnv>): Promise<{ text: string; etag: string }> {
  const response = await c.get('api').send('/catalog')
  return { text: await response.text(), etag: response.headers.get('etag') ?? '' }
}

async function checkText(c: Context<ConsoleEnv>, text: string): Promise<CheckView> {
  const response = await c.get('api').send('/catalog/check', { method: 'POST', body: text })
  return response.json<CheckView>()
}

interface EditorProps {
  draft: Draft
  /** The catalog of now. */
  served: string
  check?: CheckView | undefined
  fault?: string | undefined
  done?: string | undefined
}

async function showEditor(c: Context<ConsoleEnv>, props: EditorProps): Promise<Response> {
  const { draft, served, check, fault, done } = props
  const versions = await c.get('api').get<ListView<CatalogVersion>>('/catalog/versions')
  return respond(
    c,
    <Page c={c} title="Catalog">
      {done !== undefined && <Notice tone="good">{done}</Notice>}
      {fault !== undefined && <Notice tone="bad">{fault}</Notice>}
      {draft.etag === '"bundled"' && (
        <Notice tone="warn">
          KV has no catalog: this is the one that is built in. What you push replaces it.
        </Notice>
      )}
      <form
        method="post"
        action={`${consolePath}/catalog`}
        class="editor"
        data-island="catalog"
        data-served={served}
      >
        <input type="hidden" name="etag" value={draft.etag} />
        <label for="text">Text of the catalog, in JSON</label>
        <textarea id="text" name="text" rows={24} spellcheck={false} readonly={!mayChange(c)}>
          {`\n${draft.text}`}
        </textarea>
        <div class="check" aria-live="polite">
          {check !== undefined && <Check view={check} />}
        </div>
        {mayChange(c) && <EditorActions note={draft.note} />}
      </form>
      <Versions rows={versions.data} mayRollBack={mayChange(c)} />
    </Page>,
    fault === undefined ? 200 : 400,
  )
}

function EditorActions({ note }: { note: string }) {
  return (
    <div class="actions wide">
      <label class="grow">
        Note
        <input name="note" value={note} maxlength={200} placeholder="what changes, and why" />
      </label>
      <button name="act" value="check">
        Check
      </button>
      <button name="act" value="push" class="primary">
        Push
      </button>
    </div>
  )
}

function Check({ view: { valid, faults, changes } }: { view: CheckView }) {
  if (!valid) {
    return (
      <ul class="faults">
        {faults.map(({ path, message, at }) => (
          <li>
            <strong>Line {at.line}</strong> {path !== '' && <code>{path}</code>} {message}
          </li>
        ))}
      </ul>
    )
  }
  return changes.length === 0 ? (
    <p class="notice good">Valid. It serves the same models as the current catalog.</p>
  ) : (
    <>
      <p class="notice good">Valid. What changes:</p>
      <ul>
        {changes.map((change) => (
          <li>{change}</li>
        ))}
      </ul>
    </>
  )
}

function Versions({
  rows,
  mayRollBack,
}: {
  rows: readonly CatalogVersion[]
  mayRollBack: boolean
}) {
  return (
    <Section title="Versions" note="the last 20">
      <DataTable
        caption="Versions"
        rows={rows}
        empty={
          <Empty title="There is no version yet.">
            <p>Each push from here, or over HTTP, is kept as a version.</p>
          </Empty>
        }
        columns={{
          Version: ({ number }) => (
            <a href={`${consolePath}/catalog/versions/${number}`}>{number}</a>
          ),
          When: ({ at }) => <Time at={at} />,
          Who: ({ actor }) => actor,
          Note: ({ note }) => note,
          '': ({ number }, index) =>
            mayRollBack &&
            index > 0 && (
              <form method="post" action={`${consolePath}/catalog/rollback`}>
                <input type="hidden" name="number" value={String(number)} />
                <button class="quiet" aria-label={`Roll back to version ${number}`}>
                  Roll back
                </button>
              </form>
            ),
        }}
      />
    </Section>
  )
}
