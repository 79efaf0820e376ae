/** Ready lines for each client, a test, and the first request as it arrives. */
import type { Context } from 'hono'

import { consolePath } from '../../console-path.ts'
import type { ConsoleEnv } from '../env.ts'
import { Copyable, NoModels, Notice, Section } from '../parts/blocks.tsx'
import { Page, respond } from '../parts/document.tsx'
import { attempt } from '../parts/fault.ts'
import { Choice } from '../parts/fields.tsx'
import { firstModel } from '../parts/first-model.ts'
import { readForm } from '../parts/form.ts'
import { SnippetTabs } from '../parts/snippet-tabs.tsx'
import type { MintedKeyView, OwnKeyView } from '../views.ts'

/** The placeholder of the key where the person has it and the gateway does not. */
const ownKey = 'YOUR_KEY'

/** `GET /console/connect` */
export async function showConnect(c: Context<ConsoleEnv>): Promise<Response> {
  return showPage(c, {})
}

/** `POST /console/connect`: makes a new secret of the person's key, which the answer alone has. */
export async function makeSecret(c: Context<ConsoleEnv>): Promise<Response> {
  await readForm(c)
  const made = await attempt(() => c.get('api').post<MintedKeyView>('/api_keys/me/rotate', {}))
  return showPage(c, 'fault' in made ? made : { secret: made.value.key })
}

async function showPage(
  c: Context<ConsoleEnv>,
  { secret, fault }: { secret?: string; fault?: string },
): Promise<Response> {
  const [view, first] = await Promise.all([
    c.get('api').get<OwnKeyView>('/api_keys/me'),
    firstModel(c),
  ])
  const { model: requested = first.model } = c.req.query()
  const model = view.available_models.includes(requested) ? requested : first.model
  const { origin } = new URL(c.req.url)
  const contextTokens = model === first.model ? first.contextTokens : undefined
  if (view.available_models.length === 0) {
    return respond(
      c,
      <Page c={c} title="Connect">
        <NoModels />
      </Page>,
    )
  }
  return respond(
    c,
    <Page c={c} title="Connect">
      {fault !== undefined && <Notice tone="bad">{fault}</Notice>}
      <Section title="1. Key and model">
        {c.get('key').owner === undefined ? (
          <Secret hint={view.partial_key_hint} secret={secret} />
        ) : (
          <CommandLineSignIn origin={origin} />
        )}
        <ModelChoice models={view.available_models} model={model} />
      </Section>
      <Section title="2. Client">
        <SnippetTabs lines={{ origin, key: secret ?? ownKey, model, contextTokens }} />
      </Section>
      <Section title="3. Test">
        <div data-island="test" data-model={model}>
          <p class="muted">
            Send a first request with the lines above. <a href={consolePath}>Home</a> shows it.
          </p>
        </div>
      </Section>
    </Page>,
    fault === undefined ? 200 : 400,
  )
}

function Secret({ hint, secret }: { hint: string; secret: string | undefined }) {
  return secret === undefined ? (
    <MissingSecret hint={hint} />
  ) : (
    <>
      <Notice tone="warn">
        Copy the key now: it is shown only this once. The one that you had is valid for another day.
      </Notice>
      <Copyable text={secret} label="The new key" id="secret" />
    </>
  )
}

function ModelChoice({ models, model }: { models: readonly string[]; model: string }) {
  return (
    <form method="get" class="inline">
      <Choice label="Model" name="model" options={models} value={model} />
      <button>Use</button>
    </form>
  )
}

/**
 * The sign-in at the command line, in place of a secret: those of a person come from the sign-in alone, and are valid for a short
 * time.
 */
function CommandLineSignIn({ origin }: { origin: string }) {
  return (
    <>
      <p>
        You have no key to copy: programs sign in as you do, and renew their keys. In a clone of the
        project, these lines sign in and make Claude Code ask for the key:
      </p>
      <Copyable
        text={`npm run login -- ${origin}\nnpm run account -- setup claude`}
        label="Lines for the sign-in"
      />
      <p>
        For other clients, <code>npm run account -- token</code> prints a key, which stands where
        the lines below have <code>{ownKey}</code>.
      </p>
    </>
  )
}

function MissingSecret({ hint }: { hint: string }) {
  return (
    <>
      <p>
        Replace <code>{ownKey}</code> by your key <code>{hint}</code>. The gateway stores only its
        hash, and cannot show it.
      </p>
      <form method="post" action={`${consolePath}/connect`}>
        <button>I do not have it: make a new one</button>
      </form>
    </>
  )
}
