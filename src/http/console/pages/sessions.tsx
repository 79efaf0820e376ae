/** The person's own sessions of the console. */
import type { Context } from 'hono'

import { consolePath } from '../../console-path.ts'
import type { ConsoleEnv } from '../env.ts'
import { DataTable, Section } from '../parts/blocks.tsx'
import { Page, respond } from '../parts/document.tsx'
import { Time } from '../parts/format.tsx'

/** `GET /console/sessions` */
export async function showSessions(c: Context<ConsoleEnv>): Promise<Response> {
  const own = c.get('session')
  const sessions = (await c.get('sessions')?.list(own.subject)) ?? []
  return respond(
    c,
    <Page c={c} title="Sessions">
      <Section title={`Where ${own.name} has signed in`}>
        <DataTable
          caption="Sessions"
          rows={sessions}
          columns={{
            Browser: ({ id, userAgent }) => (
              <>
                {describeBrowser(userAgent)} {id === own.id && <span class="badge">this one</span>}
              </>
            ),
            By: ({ method }) => methods[method],
            'Signed in': ({ createdAt }) => <Time at={new Date(createdAt).toISOString()} />,
            'Last seen': ({ seenAt }) => <Time at={new Date(seenAt).toISOString()} />,
            '': ({ id, userAgent }) => (
              <form method="post" action={`${consolePath}/sessions/end`}>
                <input type="hidden" name="id" value={id} />
                <button class="quiet" aria-label={`Sign out ${describeBrowser(userAgent)}`}>
                  Sign out
                </button>
              </form>
            ),
          }}
        />
        <form method="post" action={`${consolePath}/sessions/end`}>
          <button>Sign out everywhere</button>
        </form>
      </Section>
    </Page>,
  )
}

const methods = {
  key: 'key',
  link: 'one-time link',
  oidc: 'single sign-on',
  access: 'Cloudflare Access',
}

/** A browser and its system, as far as its user agent names them. */
function describeBrowser(userAgent: string): string {
  const browser = /(Firefox|Edg|Chrome|Safari)\/[\d.]+/.exec(userAgent)?.[1] ?? 'Browser'
  const system = /(Windows|Mac OS X|Android|iPhone|iPad|Linux)/.exec(userAgent)?.[1]
  const name = browser === 'Edg' ? 'Edge' : browser
  return system === undefined ? name : `${name}, ${system}`
}
