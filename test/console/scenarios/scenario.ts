/** What the scenarios share. */
import assert from 'node:assert/strict'

import type { Browser, BrowserContext, Page } from 'playwright-core'

import type { Look, Watched } from '../browser.ts'
import { openWindow } from '../browser.ts'

export interface Gateway {
  url: string
  key: string
  console: string
}

export type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>

export interface Tools {
  browser: Browser
  gateway: Gateway
  /** The cookies of an operator. */
  operator: Cookies
  /** Where screenshots are written; undefined for none. */
  screenshots: string | undefined
}

export interface Scenario {
  /** A sentence, true of the product. */
  name: string
  /** Throws where it is not. */
  run: (tools: Tools) => Promise<void>
}

/** Signs in by the link of `npm start`, which is valid once. */
export async function signIn(browser: Browser, gateway: Gateway): Promise<Cookies> {
  const { context, page, faults } = await openWindow(browser, gateway.url)
  await page.goto(gateway.console)
  await page.waitForURL(`${gateway.url}/console`)
  assert.deepEqual(faults, [])
  const cookies = await context.cookies()
  await context.close()
  return cookies
}

/** Signs in with a key, by the form. */
export async function signInWith(page: Page, key: string): Promise<void> {
  await page.goto('/console/sign-in')
  await page.getByLabel('Key').fill(key)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Runs a scenario in a window of the operator, in which no page may break its policy. */
export async function asOperator(
  { browser, gateway, operator }: Tools,
  act: (page: Page, watched: Watched) => Promise<void>,
  look: Look = {},
): Promise<void> {
  const watched = await openWindow(browser, gateway.url, look)
  await watched.context.addCookies(operator)
  await act(watched.page, watched)
  assert.deepEqual(watched.faults, [])
  await watched.context.close()
}

/** The status of a request with a key. */
export async function ask(
  { url }: Gateway,
  key: string,
  model = 'claude-sonnet-4-6',
): Promise<number> {
  const response = await fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      max_tokens: 64,
      top_k: 5,
      messages: [{ role: 'user', content: 'Reply with exactly: pong' }],
    }),
  })
  await response.arrayBuffer()
  return response.status
}
