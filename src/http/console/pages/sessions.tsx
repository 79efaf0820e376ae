/** The person's own sessions of the console. */
import type { Context } from 'hono'

import { consolePath } from '../../console-path.ts'
import type { ConsoleEnv } from '../env.ts'
import { Section, Table } from '../parts/blocks.tsx'
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
        <Table caption="Sessions" columns={['Browser', 'By', 'Signed in', 'Last seen', '']}>
          {sessions.map(({ id, userAgent, method, createdAt, seenAt }) => (
            <tr>
              <th scope="row">
                {describeBrowser(userAgent)} {id === own.id && <span class="badge">this one</span>}
              </th>
              <td>{methods[method]}</td>
              <td>
                <Time at={new Date(createdAt).toISOString()} />
              </td>
              <td>
                <Time at={new Date(seenAt).toISOString()} />
              </td>
              <td>
                <form method="post" action={`${consolePath}/sessions/end`}>
                  <input type="hidden" name="id" value={id} />
                  <button class="quiet" aria-label={`Sign out ${describeBrowser(userAgent)}`}>
                    Sign out
                  </button>
                </form>
              </td>
            </tr>
          ))}
        </Table>
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
