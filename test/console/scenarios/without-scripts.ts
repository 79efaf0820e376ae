import assert from 'node:assert/strict'

import type { Scenario } from './scenario.ts'
import { ask, asOperator } from './scenario.ts'

export const checkWithoutScripts: readonly Scenario[] = [
  {
    name: 'keys and usage work without JavaScript',
    run: (tools) =>
      asOperator(
        tools,
        async (page) => {
          await page.goto('/console/keys/new')
          await page.getByLabel('Name').fill('plain')
          await page.getByRole('button', { name: 'Create key' }).click()
          const key = await page.getByLabel('The new key').innerText()
          assert.equal(await ask(tools.gateway, key), 200)
          await page.getByRole('link', { name: 'Open plain' }).click()
          assert.match(
            await page
              .getByRole('row', { name: /^claude-demo/ })
              .first()
              .innerText(),
            /1/,
          )
          await page.getByText('Revoke…').click()
          await page.getByRole('button', { name: 'Revoke this key' }).click()
          assert.equal(await ask(tools.gateway, key), 401)
          await page.goto('/console/usage')
          await page.locator('select[name=by]').selectOption('api_key_id')
          await page.getByRole('button', { name: 'Show' }).click()
          await page
            .getByRole('row', { name: /^plain/ })
            .first()
            .waitFor()
        },
        { javaScript: false },
      ),
  },
]
