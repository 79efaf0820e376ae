import assert from 'node:assert/strict'

import type { Page } from 'playwright-core'

import { readClipboard } from '../browser.ts'
import type { Scenario, Tools } from './scenario.ts'
import { ask, asOperator } from './scenario.ts'

/** Creates a key by the form; returns its secret, as the clipboard has it. */
export async function createKey(page: Page, name: string): Promise<string> {
  await page.goto('/console/keys')
  await page.getByRole('link', { name: 'New key' }).click()
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Per day').fill('5')
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.getByRole('heading', { name: 'Key created' }).waitFor()
  await page.getByRole('button', { name: 'Copy' }).first().click()
  return readClipboard(page)
}

export const checkKeys: readonly Scenario[] = [
  {
    name: 'a key is created, copied and used, its first request arrives on the page, and its usage is seen',
    run: (tools) =>
      asOperator(tools, async (page) => {
        const key = await createKey(page, 'browser')
        assert.match(key, /^gw-[a-z2-7]{10}-[0-9A-Za-z]{49}$/)
        assert.match(await page.getByLabel('Lines for Claude Code').innerText(), new RegExp(key))
        await page.getByText('Waiting for the first request').waitFor()
        assert.equal(await ask(tools.gateway, key), 200)
        await page.getByText(/The first request has arrived.*by demo\/demo/).waitFor()
        await page.goto('/console/keys')
        await page.getByRole('link', { name: 'browser', exact: true }).click()
        assert.equal((await page.content()).includes(key), false)
        const row = page
          .getByRole('region', { name: 'Usage by model' })
          .getByRole('row', { name: /^claude-demo/ })
        assert.match(await row.innerText(), /claude-demo\s+1\s/)
        assert.equal(await page.locator('.chart canvas').count(), 1)
      }),
  },
  {
    name: 'a key is rotated, disabled and revoked, and each holds at once',
    run: (tools) =>
      asOperator(tools, async (page) => {
        const first = await createKey(page, 'rotated')
        await page.getByRole('link', { name: 'Open rotated' }).click()
        await page.getByLabel('Old secret valid for').selectOption('0')
        await page.getByRole('button', { name: 'Rotate' }).click()
        await page.getByRole('heading', { name: 'Key rotated' }).waitFor()
        await page.getByRole('button', { name: 'Copy' }).first().click()
        const second = await readClipboard(page)
        assert.deepEqual(
          [await ask(tools.gateway, first), await ask(tools.gateway, second)],
          [401, 200],
        )
        await page.getByRole('link', { name: 'Open rotated' }).click()
        await page.getByRole('button', { name: 'Disable' }).click()
        await page.getByRole('button', { name: 'Enable' }).waitFor()
        assert.equal(await ask(tools.gateway, second), 401)
        await page.getByRole('button', { name: 'Enable' }).click()
        await page.getByText('Revoke…').click()
        await page.getByRole('button', { name: 'Revoke this key' }).click()
        await page.getByText('revoked').first().waitFor()
        assert.equal(await ask(tools.gateway, second), 401)
      }),
  },
  {
    name: 'requests appear as they come, with what was adapted',
    run: async (tools: Tools) =>
      asOperator(tools, async (page) => {
        await page.goto('/console/requests?q=claude-opus-4-6')
        await page.getByText('No request matches').waitFor()
        await page.getByText('live', { exact: true }).waitFor()
        assert.equal(await ask(tools.gateway, tools.gateway.key, 'claude-opus-4-6'), 200)
        const row = page.getByRole('row', { name: /claude-opus-4-6/ })
        await row.waitFor()
        assert.match(await row.innerText(), /top_k dropped/)
      }),
  },
]
