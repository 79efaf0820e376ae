/** The frame of every page. */
import type { Context } from 'hono'
import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'

import { mayAdminister, mayReadAll, mayUseModels } from '../../../keys/record.ts'
import { consolePath } from '../../console-path.ts'
import { entryPath } from '../assets.ts'
import type { ConsoleEnv } from '../env.ts'

type Status = 200 | 400 | 401 | 403 | 404 | 412 | 413 | 429 | 500 | 503

type Answer = Response | Promise<Response>

/** Answers with a document. */
export function respond(
  c: Context,
  document: ReturnType<typeof Document>,
  status: Status = 200,
): Answer {
  return c.html(document, status)
}

/** The HTML document of a page without navigation. */
export function Document({ title, children }: { title: string; children?: Child }) {
  return (
    <>
      {raw('<!doctype html>')}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>{title} · messages-gateway</title>
          <link rel="icon" href="data:," />
          <link rel="stylesheet" href={entryPath('css')} />
          <script type="module" src={entryPath('js')}></script>
        </head>
        <body>{children}</body>
      </html>
    </>
  )
}

interface NavItem {
  path: string
  label: string
}

const own: readonly NavItem[] = [
  { path: '', label: 'Home' },
  { path: '/connect', label: 'Connect' },
  { path: '/playground', label: 'Playground' },
  { path: '/models', label: 'Models' },
]

/** Pages of what the gateway stores, where it has a storage. */
const stored: readonly NavItem[] = [
  { path: '/batches', label: 'Batches' },
  { path: '/files', label: 'Files' },
]

const operator: readonly NavItem[] = [
  { path: '/keys', label: 'Keys' },
  { path: '/groups', label: 'Groups' },
  { path: '/people', label: 'People' },
  { path: '/usage', label: 'Usage' },
  { path: '/requests', label: 'Requests' },
  { path: '/catalog', label: 'Catalog' },
  { path: '/health', label: 'Health' },
]

interface PageProps {
  c: Context<ConsoleEnv>
  title: string
  /** What is right of the title. */
  actions?: Child
  children?: Child
}

/** A page of a person who has signed in. */
export function Page({ c, title, actions, children }: PageProps) {
  const session = c.get('session')
  const key = c.get('key')
  const hasStorage = c.get('config').binding('STORE') !== undefined
  const mine = [
    ...own.filter(({ path }) => mayUseModels(key) || path === '' || path === '/models'),
    ...(hasStorage && (mayUseModels(key) || mayAdminister(key)) ? stored : []),
  ]
  return (
    <Document title={title}>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="side">
        <a class="brand" href={consolePath}>
          <span aria-hidden="true" class="mark"></span>messages-gateway
        </a>
        <nav aria-label="Console">
          <NavList c={c} title="Yours" items={mine} />
          {mayReadAll(key) && <NavList c={c} title="Gateway" items={operator} />}
        </nav>
        <div class="who">
          <a href={`${consolePath}/sessions`}>{session.name}</a>
          <form method="post" action={`${consolePath}/sign-out`}>
            <button class="quiet">Sign out</button>
          </form>
        </div>
      </header>
      <main id="main">
        <div class="title">
          <h1>{title}</h1>
          {actions !== undefined && <div class="actions">{actions}</div>}
        </div>
        {children}
      </main>
    </Document>
  )
}

function NavList({
  c,
  title,
  items,
}: {
  c: Context<ConsoleEnv>
  title: string
  items: readonly NavItem[]
}) {
  const at = c.req.path.slice(consolePath.length).split('/')[1] ?? ''
  return (
    <>
      <h2>{title}</h2>
      <ul>
        {items.map(({ path, label }) => (
          <li>
            <a
              href={consolePath + path}
              aria-current={path === (at === '' ? '' : `/${at}`) ? 'page' : undefined}
            >
              {label}
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}
