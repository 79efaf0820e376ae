import assert from 'node:assert/strict'

import { openWindow } from '../browser.ts'
import { createKey } from './keys.ts'
import type { Scenario } from './scenario.ts'
import { ask, asOperator, signInWith } from './scenario.ts'

export const checkMember: readonly Scenario[] = [
  {
    name: 'a member signs in with the own key, connects, sees the first request, and no page of operators',
    run: (tools) =>
      asOperator(tools, async (operatorPage) => {
        const key = await createKey(operatorPage, 'member')
        const { context, page, faults } = await openWindow(tools.browser, tools.gateway.url)
        await signInWith(page, key)
        await page.getByRole('heading', { name: 'Left of your budgets' }).waitFor()
        for (const name of ['Keys', 'Groups', 'Usage', 'Requests', 'Catalog', 'Health']) {
          assert.equal(await page.getByRole('link', { name, exact: true }).count(), 0)
        }
        await page.getByRole('link', { name: 'Connect', exact: true }).click()
        await page.getByRole('tab', { name: 'Claude Code' }).press('ArrowRight')
        assert.match(await page.getByLabel('Lines for curl').innerText(), /YOUR_KEY/)
        await page.getByRole('button', { name: 'Send a test request' }).click()
        await page.getByText(/claude-demo by demo\/demo answered in \d+ ms: it works/).waitFor()
        assert.equal(await page.getByText(/The first request has arrived/).count(), 0)
        assert.equal(await ask(tools.gateway, key), 200)
        await page.getByText(/The first request has arrived/).waitFor()
        for (const path of ['keys', 'usage', 'catalog', 'requests', 'health', 'groups']) {
          const response = await page.goto(`/console/${path}`)
          assert.equal(response?.status(), 403)
        }
        const status = await page.evaluate(
          async () => (await fetch('/console/api/organizations/api_keys')).status,
        )
        assert.equal(status, 403)
        assert.deepEqual(faults, [])
        await context.close()
      }),
  },
  {
    name: 'a session ends when its key is revoked, and when the person signs out',
    run: (tools) =>
      asOperator(tools, async (operatorPage) => {
        const key = await createKey(operatorPage, 'leaver')
        const { context, page } = await openWindow(tools.browser, tools.gateway.url)
        await signInWith(page, key)
        await page.getByRole('button', { name: 'Sign out' }).click()
        await page.waitForURL('**/console/sign-in')
        await signInWith(page, key)
        await page.getByRole('heading', { name: 'Home' }).waitFor()
        await operatorPage.getByRole('link', { name: 'Open leaver' }).click()
        await operatorPage.getByText('Revoke…').click()
        await operatorPage.getByRole('button', { name: 'Revoke this key' }).click()
        await operatorPage.getByText('revoked').first().waitFor()
        await page.goto('/console')
        await page.waitForURL('**/console/sign-in')
        await signInWith(page, key)
        await page.getByText('This is not a valid key of this gateway.').waitFor()
        assert.equal(await ask(tools.gateway, key), 401)
        await context.close()
      }),
  },
]
