import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { Page } from 'playwright-core'

import { findViolations, openWindow } from '../browser.ts'
import type { Scenario, Tools } from './scenario.ts'
import { asOperator } from './scenario.ts'

/** Each page, and the name of its screenshot in the documents. */
const pages: readonly { path: string; image?: string; prepare?: (page: Page) => Promise<void> }[] =
  [
    { path: '' },
    { path: '/connect', image: 'connect' },
    { path: '/playground', image: 'playground', prepare: talk },
    { path: '/models?resolve=claude-sonnet-4-6', image: 'models' },
    { path: '/batches' },
    { path: '/files' },
    { path: '/sessions' },
    { path: '/keys', image: 'keys' },
    { path: '/keys/new' },
    { path: '/groups' },
    { path: '/people' },
    { path: '/groups/new' },
    { path: '/usage?days=30', image: 'usage' },
    { path: '/requests', image: 'requests' },
    { path: '/catalog', image: 'catalog' },
    { path: '/health', image: 'health' },
  ]

/** Bytes of a screenshot in the documents. */
const maxImage = 150_000

async function talk(page: Page): Promise<void> {
  await page.getByLabel('Thinking').selectOption('1024')
  await page.getByLabel('Your message').fill('Say hello to a gateway.')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByText(/status 200/).waitFor()
}

/** A page's state once nothing is being loaded. */
const idle = 'networkidle' // cspell:disable-line

async function visit(page: Page, { path, prepare }: (typeof pages)[number]): Promise<void> {
  const response = await page.goto(`/console${path}`)
  assert.equal(response?.status(), 200, path)
  await page.waitForLoadState(idle, { timeout: 3000 }).catch(() => {
    // The page of requests holds a stream open.
  })
  await prepare?.(page)
}

function checkScheme(scheme: 'light' | 'dark'): Scenario {
  return {
    name: `no page has a serious violation of accessibility, breaks its policy or asks another host (${scheme})`,
    run: (tools) =>
      asOperator(
        tools,
        async (page) => {
          const found: string[] = []
          for (const each of pages) {
            await visit(page, each)
            found.push(
              ...(await findViolations(page)).map((violation) => `${each.path} ${violation}`),
            )
          }
          await page.goto('/console/keys')
          for (const name of ['ada', 'npm start']) {
            await page.goto('/console/keys')
            await page.getByRole('link', { name, exact: true }).first().click()
            found.push(
              ...(await findViolations(page)).map((violation) => `key ${name} ${violation}`),
            )
          }
          await page.goto('/console/groups')
          await page.getByRole('link', { name: 'research' }).click()
          found.push(...(await findViolations(page)).map((violation) => `group ${violation}`))
          assert.deepEqual(found, [])
        },
        { scheme },
      ),
  }
}

/** The pixels by which a page is wider than its window. */
const overflowOf = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'

async function checkNarrow(tools: Tools): Promise<void> {
  await asOperator(
    tools,
    async (page) => {
      for (const each of pages) {
        await visit(page, each)
        const overflow = Number(await page.evaluate(overflowOf))
        assert.ok(overflow <= 0, `${each.path} is ${overflow} px wider than a phone`)
      }
    },
    { width: 380 },
  )
}

async function checkSignIn({ browser, gateway }: Tools): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    const { context, page, faults } = await openWindow(browser, gateway.url, { scheme })
    for (const path of ['sign-in', 'enter']) {
      await page.goto(`/console/${path}`)
      assert.deepEqual(await findViolations(page), [])
    }
    assert.deepEqual(faults, [])
    await context.close()
  }
}

async function takeScreenshots(tools: Tools): Promise<void> {
  const { screenshots } = tools
  if (screenshots === undefined) {
    return
  }
  const take = async (page: Page, name: string): Promise<void> => {
    const path = join(screenshots, `console-${name}.png`)
    await page.screenshot({ path })
    const { size } = await stat(path)
    assert.ok(size <= maxImage, `${path} has ${size} bytes`)
  }
  const size = { width: 1080, height: 680 }
  await asOperator(
    tools,
    async (page) => {
      for (const each of pages) {
        if (each.image !== undefined) {
          await visit(page, each)
          await take(page, each.image)
        }
      }
    },
    size,
  )
  await asOperator(
    tools,
    async (page) => {
      await visit(page, { path: '/usage?days=30' })
      await take(page, 'usage-dark')
    },
    { ...size, scheme: 'dark' },
  )
  await asOperator(
    tools,
    async (page) => {
      await visit(page, { path: '' })
      await take(page, 'home-phone')
    },
    { width: 380, height: 760 },
  )
}

export const checkPages: readonly Scenario[] = [
  checkScheme('light'),
  checkScheme('dark'),
  { name: 'the pages before the sign-in have no serious violation either', run: checkSignIn },
  { name: 'no page is wider than a phone', run: checkNarrow },
  { name: 'screenshots of the documents are small', run: takeScreenshots },
]
