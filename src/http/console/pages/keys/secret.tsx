/** A new secret, shown once, with the lines of clients that use it. */
import type { Context } from 'hono'

import { consolePath } from '../../../console-path.ts'
import type { ConsoleEnv } from '../../env.ts'
import { Copyable, Notice, Section } from '../../parts/blocks.tsx'
import { Page, respond } from '../../parts/document.tsx'
import { firstModel } from '../../parts/first-model.ts'
import { SnippetTabs } from '../../parts/snippet-tabs.tsx'
import type { MintedKeyView } from '../../views.ts'

/** Answers with the secret; no other page can show it again. */
export async function showSecret(
  c: Context<ConsoleEnv>,
  { key, id, name }: MintedKeyView,
  title: string,
): Promise<Response> {
  const { origin } = new URL(c.req.url)
  const lines = { origin, key, ...(await firstModel(c)) }
  return respond(
    c,
    <Page
      c={c}
      title={title}
      actions={
        <a class="button" href={`${consolePath}/keys/${id}`}>
          Open {name}
        </a>
      }
    >
      <Notice tone="warn">
        Copy the key now: the gateway stores only its hash, and cannot show it again.
      </Notice>
      <Copyable text={key} label="The new key" id="secret" />
      <Section title="Connect a client">
        <SnippetTabs lines={lines} />
      </Section>
      <p class="muted" data-island="first-request" data-key={id}>
        When its first request arrives, it appears on the page of the key.
      </p>
    </Page>,
  )
}
